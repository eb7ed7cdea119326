// Values, failures and the one try block of the SDK: whatever a plugin throws ends at contain().
#pragma once
#include <reeld/plugin.h>

#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace reeld::sdk {

inline reeld_str abi(std::string_view s) noexcept { return {s.data(), s.size()}; }
inline reeld_bytes abiBytes(std::string_view s) noexcept {
  return {reinterpret_cast<const uint8_t*>(s.data()), s.size()};
}
inline std::string_view view(reeld_str s) noexcept { return {s.data, s.size}; }
inline std::string_view view(reeld_bytes s) noexcept {
  return {reinterpret_cast<const char*>(s.data), s.size};
}

/// Throw it anywhere in a plugin; it turns into a reeld_status at the boundary.
class Failure : public std::runtime_error {
 public:
  Failure(reeld_status status, const std::string& message)
      : runtime_error(message), status_(status) {}
  /// The JSON pointer of the value that is wrong: throw Failure(...).at("/path").
  Failure&& at(std::string pointer) && {
    pointer_ = std::move(pointer);
    return std::move(*this);
  }
  Failure&& retryAfter(uint32_t milliseconds) && {
    retry_after_ms_ = milliseconds;
    return std::move(*this);
  }
  reeld_status status() const noexcept { return status_; }
  const std::string& pointer() const noexcept { return pointer_; }
  uint32_t retryAfterMs() const noexcept { return retry_after_ms_; }

 private:
  reeld_status status_;
  uint32_t retry_after_ms_ = 0;
  std::string pointer_;
};

namespace detail {
template <size_t N>
void fill(char (&to)[N], const char* text) noexcept {
  std::snprintf(to, N, "%s", text);
}
}  // namespace detail

/// Runs plugin code on the plugin's side of the boundary. The only try block in the SDK.
template <class Body>
reeld_status contain(reeld_error* error, Body&& body) noexcept {
  reeld_error unread{};  // a caller that does not care passes NULL
  reeld_error& out = error != nullptr ? *error : unread;
  try {
    return std::forward<Body>(body)();
  } catch (const Failure& failure) {
    detail::fill(out.message, failure.what());
    detail::fill(out.pointer, failure.pointer().c_str());
    out.retry_after_ms = failure.retryAfterMs();
    return failure.status();
  } catch (const std::bad_alloc&) {
    detail::fill(out.message, "out of memory");
    return REELD_EXHAUSTED;
  } catch (const std::exception& e) {
    detail::fill(out.message, e.what());
  } catch (...) {
    detail::fill(out.message, "unknown exception");
  }
  return REELD_INTERNAL;
}

/// The context of one call: how long it may take, and whether anybody still waits.
class Call {
 public:
  explicit Call(const reeld_call* raw) noexcept : raw_(raw) {}
  bool cancelled() const noexcept { return raw_ != nullptr && reeld_cancelled(raw_) != 0; }
  /// CLOCK_MONOTONIC in milliseconds, 0 = none.
  int64_t deadlineMs() const noexcept { return raw_ != nullptr ? raw_->deadline_ms : 0; }
  std::string_view requestId() const noexcept {
    return raw_ != nullptr ? view(raw_->request_id) : std::string_view();
  }
  std::string_view userId() const noexcept {
    return raw_ != nullptr ? view(raw_->user_id) : std::string_view();
  }
  const reeld_call* raw() const noexcept { return raw_; }

 private:
  const reeld_call* raw_;
};

/// Turns a status of the host's into a Failure; OK passes.
inline void require(reeld_status status, const reeld_error& error) {
  if (status != REELD_OK) {
    throw Failure(status, error.message).at(error.pointer).retryAfter(error.retry_after_ms);
  }
}

}  // namespace reeld::sdk
