#include "base/unicode.h"

#include <utf8proc.h>

#include <algorithm>
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

bool leavesNothing(utf8proc_int32_t point) noexcept {
  constexpr utf8proc_int32_t BrailleBlank = 0x2800;
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
      return true;
    default:
      // Fillers count as letters, the empty braille pattern as a symbol.
      return utf8proc_get_property(point)->ignorable || point == BrailleBlank;
  }
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

bool isVisible(std::string_view text) noexcept {
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size > 0 && !leavesNothing(point)) {
      return true;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<utf8proc_ssize_t>(size, 1)));
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
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(all.data()) + at,
                         static_cast<utf8proc_ssize_t>(all.size() - at), &point);
    const auto length = static_cast<std::size_t>(std::max<utf8proc_ssize_t>(size, 1));
    const Kind kind = size < 0 ? Kind::Gap : kindOf(point);
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
