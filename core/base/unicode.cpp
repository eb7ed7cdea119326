#include "base/unicode.h"

#include "base/ascii.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace reeld {

namespace {

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

/// Unicode's White_Space (UAX #44).
bool isSpace(utf8proc_int32_t point) noexcept {
  constexpr utf8proc_int32_t NextLine = 0x85;
  const utf8proc_category_t category = utf8proc_category(point);
  return (point >= '\t' && point <= '\r') || point == NextLine ||
         category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

/// Where the last character of a text that is not empty begins.
std::size_t lastPoint(std::string_view text) noexcept {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80) {
    --at;
  }
  return at;
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
  return lowered(text);
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && isSpace(firstPoint(text).value)) {
    text.remove_prefix(firstPoint(text).size);
  }
  while (!text.empty() && isSpace(firstPoint(text.substr(lastPoint(text))).value)) {
    text.remove_suffix(text.size() - lastPoint(text));
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
