#include "base/error.h"

#include <array>
#include <cerrno>
#include <system_error>

namespace reeld {

namespace {
constexpr std::array<std::string_view, 14> Words = {
    "ok",          "invalid",   "unauthenticated", "denied",  "not_found",
    "conflict",    "exhausted", "unavailable",     "timeout", "cancelled",
    "unsupported", "corrupt",   "internal",        "defer"};

std::string join(const std::vector<Violation>& violations) {
  std::string text;
  for (const auto& violation : violations) {
    text += (text.empty() ? "" : "; ") + violation.pointer;
    text += (violation.pointer.empty() ? "" : ": ") + violation.message;
  }
  return text;
}
}  // namespace

std::string_view word(ErrorCode code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < Words.size() ? Words[index] : Words[static_cast<std::size_t>(ErrorCode::Internal)];
}

Error::Error(std::vector<Violation> violations)
    : runtime_error(join(violations)),
      code_(ErrorCode::Invalid),
      violations_(std::move(violations)) {}

Error systemError(const std::string& what, int error_number) {
  const std::string text = what + ": " + std::generic_category().message(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    return Error(ErrorCode::Exhausted, text).reason("storage-full");
  }
  return {ErrorCode::Internal, text};
}

}  // namespace reeld
