// reeld.host.log/1: lines of an instance in the daemon's log, each with the instance's name.
#pragma once
#include "base/log.h"
#include "plugin/host.h"

namespace reeld::plugin {

class HostLog {
 public:
  HostLog(Host& host, const Log& log);
  HostLog(const HostLog&) = delete;
  HostLog& operator=(const HostLog&) = delete;

 private:
  static std::int32_t enabled(const reeld_host* host, std::int32_t level);
  static void write(const reeld_host* host, std::int32_t level, reeld_str text, reeld_list fields);

  const Log& log_;
  reeld_host_log table_{};
};

}  // namespace reeld::plugin
