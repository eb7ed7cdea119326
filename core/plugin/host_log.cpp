#include "plugin/host_log.h"

#include <vector>

namespace reeld::plugin {
namespace {

constexpr std::size_t MaxFields = 16;

/// Syslog's eight levels onto our four.
LogLevel levelOf(std::int32_t level) {
  if (level <= 3) {
    return LogLevel::Error;
  }
  if (level == 4) {
    return LogLevel::Warning;
  }
  return level <= 6 ? LogLevel::Info : LogLevel::Debug;
}

}  // namespace

HostLog::HostLog(Host& host, const Log& log) : log_(log) {
  table_.struct_size = sizeof table_;
  table_.enabled = &HostLog::enabled;
  table_.write = &HostLog::write;
  host.join(Service::Log, REELD_HOST_LOG, &table_, this);
}

std::int32_t HostLog::enabled(const reeld_host* host, std::int32_t level) {
  return Host::of<HostLog>(host, Service::Log).log_.enabled(levelOf(level)) ? 1 : 0;
}

void HostLog::write(const reeld_host* host, std::int32_t level, reeld_str text, reeld_list fields) {
  const Log& log = Host::of<HostLog>(host, Service::Log).log_;
  if (!log.enabled(levelOf(level))) {
    return;
  }
  std::vector<LogField> all;
  all.emplace_back("instance", host->instance);
  for (std::size_t i = 0; i < fields.count && i < MaxFields; ++i) {
    all.emplace_back(view(fields.items[i].key), view(fields.items[i].value));
  }
  log.write(levelOf(level), view(text), all.data(), all.size());
}

}  // namespace reeld::plugin
