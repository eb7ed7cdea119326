// audit-trail as the daemon has it, without the daemon: its C tables, with the host's services on a
// database of the bench's.
#pragma once
#include "base/json.h"
#include "base/log.h"
#include "base/metrics.h"
#include "cost.h"
#include "db/database.h"
#include "plugin/host.h"
#include "plugin/host_log.h"
#include "plugin/host_metrics.h"
#include "plugin/host_schedule.h"
#include "plugin/host_secrets.h"
#include "plugin/host_sql.h"

#include <reeld/kind/interceptor.h>
#include <reeld/kind/report.h>

#include <cstdint>
#include <string>

namespace reeld::bench {

class TrailHost {
 public:
  TrailHost(const db::DatabaseOptions& database, const std::string& folder);
  ~TrailHost();
  TrailHost(const TrailHost&) = delete;
  TrailHost& operator=(const TrailHost&) = delete;

  /// From the first request until all are stored.
  Cost record(int requests);
  /// Records a second.
  double verify();

 private:
  void request(int number);
  Json report(const std::string& what) const;

  Log log_{LogLevel::Error};
  Metrics metrics_;
  const Secret secret_{"the secret of a site that is none"};
  plugin::Host host_;
  plugin::Scheduler scheduler_{"bench"};
  plugin::HostLog host_log_{host_, log_};
  plugin::HostMetrics host_metrics_{host_, metrics_, log_};
  plugin::HostSchedule host_schedule_{host_, scheduler_};
  plugin::HostSql host_sql_;
  plugin::HostSecrets host_secrets_{host_, secret_};
  const reeld_plugin* plugin_ = nullptr;
  const reeld_interceptor* interceptor_ = nullptr;
  const reeld_report* report_ = nullptr;
  void* self_ = nullptr;
};

}  // namespace reeld::bench
