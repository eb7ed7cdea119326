#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace reeld {

namespace {

/// Bytes of the sequence that begins with `lead`, and the least code point it may stand for.
struct Lead {
  std::size_t size;
  std::uint32_t bits;
  std::uint32_t least;
};

Lead leadOf(unsigned char byte) noexcept {
  if (byte < 0x80) {
    return {1, byte, 0};
  }
  if ((byte & 0xe0U) == 0xc0U) {
    return {2, byte & 0x1fU, 0x80};
  }
  if ((byte & 0xf0U) == 0xe0U) {
    return {3, byte & 0x0fU, 0x800};
  }
  if ((byte & 0xf8U) == 0xf0U) {
    return {4, byte & 0x07U, 0x10000};
  }
  return {0, 0, 0};
}

/// How many bytes below 0x80 the text begins with, in steps of eight: most texts are nothing else.
std::size_t leadingAscii(std::string_view text) noexcept {
  constexpr std::uint64_t HighBits = 0x8080808080808080U;
  std::size_t at = 0;
  for (std::uint64_t eight = 0; text.size() - at >= sizeof eight; at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & HighBits) != 0) {
      break;
    }
  }
  return at;
}

}  // namespace

std::optional<std::size_t> utf8Length(std::string_view text) noexcept {
  std::size_t count = 0;
  while (!text.empty()) {
    if (const std::size_t ascii = leadingAscii(text); ascii > 0) {
      text.remove_prefix(ascii);
      count += ascii;
      continue;
    }
    const Lead lead = leadOf(static_cast<unsigned char>(text.front()));
    if (lead.size == 0 || lead.size > text.size()) {
      return std::nullopt;
    }
    std::uint32_t point = lead.bits;
    for (std::size_t i = 1; i < lead.size; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xc0U) != 0x80U) {
        return std::nullopt;
      }
      point = point << 6U | (byte & 0x3fU);
    }
    if (point < lead.least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      return std::nullopt;
    }
    text.remove_prefix(lead.size);
    ++count;
  }
  return count;
}

}  // namespace reeld
