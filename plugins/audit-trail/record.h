// What is kept of a request until it is stored: of fixed size, filled on an event loop.
#pragma once
#include <reeld/cpp/interceptor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace audit_trail {

/// Text of bounded size, cut and marked as such if it is longer.
template <std::size_t Size>
class BoundedText {
 public:
  void set(std::string_view text) noexcept {
    cut_ = text.size() > Size;
    size_ = static_cast<std::uint16_t>(std::min(text.size(), Size));
    std::copy_n(text.data(), size_, bytes_.data());
  }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  bool isCut() const noexcept { return cut_; }

 private:
  std::array<char, Size> bytes_;
  std::uint16_t size_;
  bool cut_;
};

/// What is kept of one request.
struct Record {
  std::int64_t ended_ms;  ///< wall clock
  std::int64_t duration_us;
  std::int64_t user_id;  ///< 0 = nobody
  std::int32_t status;
  std::int32_t failed_sign_in;  ///< the status that says that a sign-in failed; 0 = it is none
  bool is_unmatched;            ///< no route has that path
  bool is_refused;              ///< by an interceptor: no handler saw it
  std::uint64_t kind;           ///< the same for requests of one method and route
  BoundedText<16> method;
  BoundedText<256> path;
  BoundedText<46> peer;
  BoundedText<64> request_id;
};

/// [hot] Of a request that was answered.
void fill(Record& record, const reeld::sdk::CompleteExchange& x) noexcept;
/// Whether it is a sign-in that was turned down for what it brought, or as one of too many that
/// were.
bool isFailedSignIn(const Record& record) noexcept;

}  // namespace audit_trail
