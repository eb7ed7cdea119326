#include "catalog/category.h"

#include "base/ascii.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

constexpr std::size_t LongestCategory = 50;

bool isPlain(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string categorySlug(std::string_view text) { return lowered(text); }

bool isCategory(std::string_view slug) noexcept {
  return !slug.empty() && slug.size() <= LongestCategory && isPlain(slug.front()) &&
         isPlain(slug.back()) && std::all_of(slug.begin(), slug.end(), [](char c) {
           return isPlain(c) || c == '-' || c == '_';
         });
}

}  // namespace reeld::catalog
