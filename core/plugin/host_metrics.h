// reeld.host.metrics/1: metrics of an instance as reeld_plugin_<name>{instance="..."}.
#pragma once
#include "base/guarded.h"
#include "base/log.h"
#include "base/metrics.h"
#include "plugin/host.h"

#include <array>
#include <atomic>
#include <map>

namespace reeld::plugin {

class HostMetrics {
 public:
  HostMetrics(Host& host, Metrics& metrics, const Log& log);
  HostMetrics(const HostMetrics&) = delete;
  HostMetrics& operator=(const HostMetrics&) = delete;

 private:
  struct Metric {
    Counter* counter = nullptr;
    Gauge* gauge = nullptr;
    Histogram* histogram = nullptr;
  };
  static std::uint64_t define(const reeld_host* host, std::int32_t kind, reeld_str name,
                              reeld_str help);
  static void add(const reeld_host* host, std::uint64_t metric, double delta);
  std::uint64_t make(std::int32_t kind, const std::string& name, const std::string& help);

  Metrics& metrics_;
  const Log& log_;
  const std::string instance_;
  reeld_host_metrics table_{};
  Guarded<std::map<std::string, std::pair<std::int32_t, std::uint64_t>>> known_;
  // add() is [hot]: it reads a slot that was complete before its number was given out.
  std::array<Metric, 64> slots_;
  std::atomic<std::uint64_t> used_{0};
};

}  // namespace reeld::plugin
