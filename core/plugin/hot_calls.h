// How [hot] functions of an instance are called: without admission, deadline or clock, because they
// neither wait nor fail. Holding this keeps the instance from being destroyed.
#pragma once
#include "plugin/call.h"
#include "plugin/crash.h"

namespace reeld::plugin {

class HotCalls {
 public:
  /// Throws UNAVAILABLE unless the instance is started, UNSUPPORTED if it does not offer the kind.
  HotCalls(Instance& instance, const char* kind);

  template <class Table>
  const Table& table() const noexcept {
    return *static_cast<const Table*>(table_);
  }
  void* self() const noexcept { return self_; }
  const std::string& instance() const noexcept { return instance_.name(); }

  /// [hot] Runs one call of the function that `name` says, for the request of that id.
  template <class Body>
  decltype(auto) run(const char* name, std::string_view request, Body&& body) const noexcept {
    tellFullStack();
    stats_.countHot();
    const InPlugin mark(site_, name, request);
    return std::forward<Body>(body)();
  }

 private:
  const Lease lease_;
  const Instance& instance_;
  const void* table_;
  void* self_;
  CallStats& stats_;
  const CrashSite& site_;
};

}  // namespace reeld::plugin
