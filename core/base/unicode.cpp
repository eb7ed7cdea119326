#include "base/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>

namespace reeld {

namespace {

bool isAscii(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* made = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &made,
                                             static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
  if (size == UTF8PROC_ERROR_NOMEM) {
    throw std::bad_alloc();
  }
  return size < 0
             ? std::string(text)
             : std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
}

/// White space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> WideSpaces = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};
constexpr std::string_view Spaces = " \t\n\v\f\r";

/// The bytes of the white space at that end; 0 = there is none.
std::size_t widthOfSpace(std::string_view text, bool at_end) noexcept {
  if (text.empty()) {
    return 0;
  }
  if (Spaces.find(at_end ? text.back() : text.front()) != std::string_view::npos) {
    return 1;
  }
  const auto found =
      std::find_if(WideSpaces.begin(), WideSpaces.end(), [&](std::string_view space) {
        return at_end ? text.ends_with(space) : text.starts_with(space);
      });
  return found == WideSpaces.end() ? 0 : found->size();
}

struct Point {
  utf8proc_int32_t value;  // -1: no UTF-8
  std::size_t size;        // in bytes
};

/// The first character of a text that is not empty.
Point firstPoint(std::string_view text) noexcept {
  utf8proc_int32_t value = 0;
  const utf8proc_ssize_t size =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &value);
  return size < 1 ? Point{-1, 1} : Point{value, static_cast<std::size_t>(size)};
}

/// A space, line end, control or format character.
bool isBlank(utf8proc_int32_t point) noexcept {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
      return true;
    default:
      return false;
  }
}

bool leavesNothing(utf8proc_int32_t point) noexcept {
  constexpr utf8proc_int32_t BrailleBlank = 0x2800;
  const utf8proc_category_t category = utf8proc_category(point);
  // Fillers count as letters, the empty braille pattern as a symbol.
  return isBlank(point) || category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
         utf8proc_get_property(point)->ignorable || point == BrailleBlank;
}

enum class Kind { Gap, PartOfWord, Word };

Kind kindOf(utf8proc_int32_t point) noexcept {
  const bool is_ideograph = (point >= 0x3040 && point <= 0x30ff) ||
                            (point >= 0x3400 && point <= 0x9fff) ||
                            (point >= 0xf900 && point <= 0xfaff) || (point >> 16) == 2;
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return is_ideograph ? Kind::Word : Kind::PartOfWord;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return Kind::PartOfWord;
    default:
      return Kind::Gap;
  }
}

}  // namespace

std::string composed(std::string_view text) {
  return isAscii(text) ? std::string(text) : mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string folded(std::string_view text) {
  if (!isAscii(text)) {
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                            UTF8PROC_IGNORE);
  }
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (const std::size_t width = widthOfSpace(text, false)) {
    text.remove_prefix(width);
  }
  while (const std::size_t width = widthOfSpace(text, true)) {
    text.remove_suffix(width);
  }
  return text;
}

bool hasUnseen(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto [point, size] = firstPoint(text);
    if (point < 0 || isBlank(point)) {
      return true;
    }
    text.remove_prefix(size);
  }
  return false;
}

bool isVisible(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto [point, size] = firstPoint(text);
    if (point >= 0 && !leavesNothing(point)) {
      return true;
    }
    text.remove_prefix(size);
  }
  return false;
}

std::vector<std::string> words(std::string_view text) {
  const std::string all = folded(text);
  std::vector<std::string> found;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) {
      found.push_back(std::move(word));
      word.clear();
    }
  };
  for (std::size_t at = 0; at < all.size();) {
    const auto [point, length] = firstPoint(std::string_view(all).substr(at));
    const Kind kind = point < 0 ? Kind::Gap : kindOf(point);
    if (kind != Kind::PartOfWord) {
      end();
    }
    if (kind != Kind::Gap) {
      word.append(all, at, length);
    }
    if (kind == Kind::Word) {
      end();
    }
    at += length;
  }
  end();
  return found;
}

}  // namespace reeld
