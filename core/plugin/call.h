// One call into a plugin, with its admission, deadline and account:
//   Call call(instance);
//   const auto& table = call.table<reeld_storage>(REELD_STORAGE);
//   call.require(table.remove(call.self(), call.context(), abi(key), call.error()));
#pragma once
#include "plugin/crash.h"
#include "plugin/host.h"
#include "plugin/instance.h"

namespace reeld::plugin {

/// Keeps an instance from being destroyed while something of it (a reader) is held. Not a call.
class Lease {
 public:
  /// Throws UNAVAILABLE unless the instance is started.
  explicit Lease(Instance& instance);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  Instance& instance_;
};

class Call {
 public:
  /// Throws UNAVAILABLE unless the instance is started, EXHAUSTED if too many calls are under way.
  /// A deadline of 0 is the instance's own.
  explicit Call(Instance& instance, std::chrono::milliseconds deadline = {});
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// Both are good until the call is over.
  void forRequest(std::string_view id, std::string_view user) noexcept {
    context_.request_id = abi(id);
    context_.user_id = abi(user);
  }

  void* self() const noexcept { return instance_.self_; }
  const reeld_call* context() const noexcept { return &context_; }
  reeld_error* error() noexcept { return &error_; }

  /// Throws UNSUPPORTED if the plugin does not offer the kind.
  template <class Table>
  const Table& table(const char* kind) const {
    return *static_cast<const Table*>(tableOf(kind));
  }

  /// Takes the answer; an unknown status is Internal.
  ErrorCode answered(reeld_status status) noexcept;
  /// Throws it as an Error unless it is Ok.
  void require(reeld_status status);
  /// The Error that the last answer amounts to.
  Error failure() const;

 private:
  const void* tableOf(const char* kind) const;

  Lease lease_;
  Instance& instance_;
  const InPlugin mark_;
  reeld_call context_{};
  reeld_error error_ = blankError();
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();  // for metrics
  ErrorCode answer_ = ErrorCode::Internal;
};

/// What a plugin's refusal is to the rest of reeld. The plugin's own sentence is shown to clients
/// where the fault is theirs, and carries the instance's name where it is not.
Error errorOf(const std::string& instance, reeld_status status, const reeld_error& error);
ErrorCode codeOf(reeld_status status) noexcept;

}  // namespace reeld::plugin
