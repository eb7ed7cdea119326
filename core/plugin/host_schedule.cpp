#include "plugin/host_schedule.h"

namespace reeld::plugin {

HostSchedule::HostSchedule(Host& host, Scheduler& scheduler) : scheduler_(scheduler) {
  table_.struct_size = sizeof table_;
  table_.every = &HostSchedule::every;
  table_.stop = &HostSchedule::stop;
  host.join(Service::Schedule, REELD_HOST_SCHEDULE, &table_, this);
}

std::uint64_t HostSchedule::every(const reeld_host* host, std::int64_t period_ms, void (*fn)(void*),
                                  void* ctx) {
  auto& self = Host::of<HostSchedule>(host, Service::Schedule);
  std::uint64_t task = 0;
  guarded(nullptr, [&] {
    task = self.scheduler_.every(std::chrono::milliseconds(period_ms), [fn, ctx] { fn(ctx); });
  });
  return task;
}

void HostSchedule::stop(const reeld_host* host, std::uint64_t task) {
  Host::of<HostSchedule>(host, Service::Schedule).scheduler_.stop(task);
}

}  // namespace reeld::plugin
