// A metric is a numbered slot; the number is what the plugin holds.
#include "plugin/host_metrics.h"

namespace reeld::plugin {
namespace {

bool isMetricName(const std::string& name) {
  if (name.empty() || name.size() > 100 || name.front() < 'a' || name.front() > 'z') {
    return false;
  }
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

}  // namespace

HostMetrics::HostMetrics(Host& host, Metrics& metrics, const Log& log)
    : metrics_(metrics), log_(log), instance_(host.instance()) {
  table_.struct_size = sizeof table_;
  table_.define = &HostMetrics::define;
  table_.add = &HostMetrics::add;
  host.join(Service::Metrics, REELD_HOST_METRICS, &table_, this);
}

std::uint64_t HostMetrics::define(const reeld_host* host, std::int32_t kind, reeld_str name,
                                  reeld_str help) {
  auto& self = Host::of<HostMetrics>(host, Service::Metrics);
  std::uint64_t made = 0;
  reeld_error error = blankError();
  if (guarded(&error, [&] {
        made = self.make(kind, std::string(view(name)), std::string(view(help)));
      }) != REELD_OK) {
    self.log_.warning(
        "a metric of a plugin is refused",
        {{"instance", host->instance}, {"metric", view(name)}, {"reason", error.message}});
  }
  return made;
}

std::uint64_t HostMetrics::make(std::int32_t kind, const std::string& name,
                                const std::string& help) {
  if (!isMetricName(name)) {
    throw Error(ErrorCode::Invalid, "its name is not [a-z][a-z0-9_]{0,99}");
  }
  if (kind < REELD_COUNTER || kind > REELD_HISTOGRAM) {
    throw Error(ErrorCode::Invalid, "its kind is unknown");
  }
  return known_.with([&](auto& known) -> std::uint64_t {
    if (const auto found = known.find(name); found != known.end()) {
      if (found->second.first != kind) {
        throw Error(ErrorCode::Conflict, "it is defined already, as another kind");
      }
      return found->second.second;
    }
    const std::uint64_t number = used_.load(std::memory_order_relaxed);
    if (number == slots_.size()) {
      throw Error(ErrorCode::Exhausted, "an instance has at most 64 metrics");
    }
    Metric& slot = slots_[number];
    const std::string full = "reeld_plugin_" + name;
    const Labels labels = {{"instance", instance_}};
    if (kind == REELD_COUNTER) {
      slot.counter = &metrics_.counter(full, help, labels);
    } else if (kind == REELD_GAUGE) {
      slot.gauge = &metrics_.gauge(full, help, labels);
    } else {
      slot.histogram = &metrics_.histogram(full, help, labels);
    }
    known[name] = {kind, number + 1};
    used_.store(number + 1, std::memory_order_release);
    return number + 1;
  });
}

void HostMetrics::add(const reeld_host* host, std::uint64_t metric, double delta) {
  auto& self = Host::of<HostMetrics>(host, Service::Metrics);
  if (metric == 0 || metric > self.used_.load(std::memory_order_acquire)) {
    return;
  }
  const Metric& slot = self.slots_[metric - 1];
  if (slot.counter != nullptr && delta >= 0) {
    slot.counter->add(delta);
  } else if (slot.gauge != nullptr) {
    slot.gauge->add(delta);
  } else if (slot.histogram != nullptr) {
    slot.histogram->observe(delta);
  }
}

}  // namespace reeld::plugin
