// reeld.host.schedule/1: the plugin's own work on the instance's scheduler.
#pragma once
#include "plugin/host.h"
#include "plugin/scheduler.h"

namespace reeld::plugin {

class HostSchedule {
 public:
  HostSchedule(Host& host, Scheduler& scheduler);
  HostSchedule(const HostSchedule&) = delete;
  HostSchedule& operator=(const HostSchedule&) = delete;

 private:
  static std::uint64_t every(const reeld_host* host, std::int64_t period_ms, void (*fn)(void*),
                             void* ctx);
  static void stop(const reeld_host* host, std::uint64_t task);

  Scheduler& scheduler_;
  reeld_host_schedule table_{};
};

}  // namespace reeld::plugin
