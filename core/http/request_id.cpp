#include "http/request_id.h"

#include "base/crypto.h"

#include <algorithm>

namespace reeld::http {

bool isHarmlessRequestId(std::string_view id) noexcept {
  return id.size() >= 8 && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.';
         });
}

void RequestIds::next(char* to) noexcept {
  constexpr std::string_view Hex = "0123456789abcdef";
  if (used_ == block_.size()) {
    randomBytes(block_);
    used_ = 0;
  }
  for (std::size_t i = 0; i < Bytes; ++i) {
    const std::uint8_t byte = block_[used_++];
    *to++ = Hex[byte >> 4];
    *to++ = Hex[byte & 15];
  }
}

}  // namespace reeld::http
