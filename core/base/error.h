// The one error type of reeld. Its codes are the statuses of the plugin ABI
// (sdk/include/reeld/plugin.h), so the same word is in a plugin's answer, the log, the metric and
// the problem document. What a code means to an HTTP client is decided in http/problem.cpp and
// nowhere else.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

enum class ErrorCode : std::int32_t {
  Ok = 0,
  Invalid = 1,
  Unauthenticated = 2,
  Denied = 3,
  NotFound = 4,
  Conflict = 5,
  Exhausted = 6,
  Unavailable = 7,
  Timeout = 8,
  Cancelled = 9,
  Unsupported = 10,
  Corrupt = 11,
  Internal = 12,
  Defer = 13,
};

/// "not_found" for NotFound; the word in logs, metrics and problem documents.
std::string_view word(ErrorCode code) noexcept;

/// One value that was refused: a JSON pointer ("/title") and a sentence.
struct Violation {
  std::string pointer;
  std::string message;
};

/// Messages are for the administrator: lower case, no full stop, what and which, never a secret,
/// then what to do if that is known.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : runtime_error(message), code_(code) {}
  /// INVALID, for one or more named values; the surface prints all of them.
  explicit Error(std::vector<Violation> violations);

  ErrorCode code() const noexcept { return code_; }
  const std::vector<Violation>& violations() const noexcept { return violations_; }

  /// A finer word than the code for clients that branch on it ("token-expired", "storage-full").
  /// http/problem.cpp knows the few that have a status of their own.
  Error&& reason(std::string word) && {
    reason_ = std::move(word);
    return std::move(*this);
  }
  const std::string& reason() const noexcept { return reason_; }

  /// When a retry may succeed; 0 = unknown. Printed as Retry-After.
  Error&& retryAfter(std::uint32_t milliseconds) && {
    retry_after_ms_ = milliseconds;
    return std::move(*this);
  }
  std::uint32_t retryAfterMs() const noexcept { return retry_after_ms_; }

 private:
  ErrorCode code_;
  std::string reason_;
  std::uint32_t retry_after_ms_ = 0;
  std::vector<Violation> violations_;
};

/// Error{Internal} with the text of errno: "cannot open X: permission denied".
/// ENOSPC and EDQUOT become Exhausted with the reason "storage-full".
Error systemError(const std::string& what, int error_number);

}  // namespace reeld
