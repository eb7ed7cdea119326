// Request ids: what a client sent, if it is harmless, else random ones. A loop draws its randomness
// in blocks, so that an id costs no system call.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace reeld::http {

/// 8 to 64 of A-Z a-z 0-9 . _ -
bool isHarmlessRequestId(std::string_view id) noexcept;

/// One thread.
class RequestIds {
 public:
  static constexpr std::size_t Size = 24;
  /// Writes 24 hex digits.
  void next(char* to) noexcept;

 private:
  static constexpr std::size_t Bytes = Size / 2;
  std::array<std::uint8_t, Bytes * 256> block_{};
  std::size_t used_ = block_.size();
};

}  // namespace reeld::http
