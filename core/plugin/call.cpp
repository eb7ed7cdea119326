#include "plugin/call.h"

#include <cstring>

namespace reeld::plugin {
namespace {

/// Faults of the plugin or of what it depends on, as opposed to answers.
bool isFault(ErrorCode code) {
  switch (code) {
    case ErrorCode::Exhausted:
    case ErrorCode::Unavailable:
    case ErrorCode::Timeout:
    case ErrorCode::Corrupt:
    case ErrorCode::Internal:
      return true;
    default:
      return false;
  }
}

}  // namespace

ErrorCode codeOf(reeld_status status) noexcept {
  return status >= REELD_OK && status <= REELD_DEFER ? static_cast<ErrorCode>(status)
                                                     : ErrorCode::Internal;
}

Error errorOf(const std::string& instance, reeld_status status, const reeld_error& error) {
  const ErrorCode code = codeOf(status);
  std::string message(error.message, strnlen(error.message, sizeof error.message));
  const std::string pointer(error.pointer, strnlen(error.pointer, sizeof error.pointer));
  if (message.empty()) {
    message = std::string(word(code)) + ", without a reason";
  }
  if (code == ErrorCode::Invalid && !pointer.empty()) {
    return Error({Violation{pointer, message}});
  }
  if (isFault(code)) {
    message = "plugin \"" + instance + "\": " + message;
  }
  return Error(code, message).retryAfter(error.retry_after_ms);
}

Lease::Lease(Instance& instance) : instance_(instance) { instance_.enter(); }
Lease::~Lease() { instance_.leave(); }

Call::Call(Instance& instance, std::chrono::milliseconds deadline)
    : lease_(instance), instance_(instance), mark_(instance.crash_site_, "a call") {
  const CallLimits& limits = instance.parts_.limits;
  if (instance.calls_.fetch_add(1) >= limits.max_concurrent) {
    instance.calls_.fetch_sub(1);
    throw Error(ErrorCode::Exhausted, "plugin \"" + instance.name() + "\" has " +
                                          std::to_string(limits.max_concurrent) +
                                          " calls under way already")
        .reason("busy")
        .retryAfter(1000);
  }
  const auto patience = deadline.count() > 0 ? deadline : limits.deadline;
  context_.struct_size = sizeof context_;
  context_.deadline_ms = instance.parts_.clock.monotonicMs() + patience.count();
  context_.cancelled = &instance.cancelled_;
}

Call::~Call() {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began_);
  const bool late = instance_.parts_.clock.monotonicMs() > context_.deadline_ms;
  instance_.calls_.fetch_sub(1);
  instance_.finished(took, late, isFault(answer_));
}

ErrorCode Call::answered(reeld_status status) noexcept {
  answer_ = codeOf(status);
  return answer_;
}

void Call::require(reeld_status status) {
  if (answered(status) != ErrorCode::Ok) {
    throw failure();
  }
}

Error Call::failure() const {
  return errorOf(instance_.name(), static_cast<reeld_status>(answer_), error_);
}

const void* Call::tableOf(const char* kind) const {
  const void* table = instance_.table(kind);
  if (table == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "plugin \"" + instance_.name() + "\" does not offer " + std::string(kind));
  }
  crash_mark.function = kind;
  return table;
}

}  // namespace reeld::plugin
