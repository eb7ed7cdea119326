#include "db/stored_text.h"

#include <cstdint>
#include <cstring>

#include "base/error.h"

namespace reeld::db {

namespace {

/// Length of the UTF-8 sequence that starts here (RFC 3629: no surrogates, shortest form), or 0.
std::size_t sequence(const unsigned char* at, std::size_t left) {
  const auto follows = [&](std::size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < left && at[i] >= low && at[i] <= high;
  };
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool isUtf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    std::uint64_t eight = 0x80;
    if (left >= 8) std::memcpy(&eight, at, 8);
    const std::size_t step = (eight & 0x8080808080808080U) == 0 ? 8 : sequence(at, left);
    if (step == 0) return false;
    at += step;
    left -= step;
  }
  return true;
}

}  // namespace

void requireStorable(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::Invalid, "text with a NUL character cannot be stored");
  }
  if (!isUtf8(text)) throw Error(ErrorCode::Invalid, "text that is not valid UTF-8 cannot be stored");
}

}  // namespace reeld::db
