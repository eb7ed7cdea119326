// What everything else stands on: clock, log, metrics, the data folder, the database with its
// schema, the outbox and the site's secret. Built first, gone last.
#pragma once
#include "app/daemon/data_folder.h"
#include "app/service/notify.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "base/token.h"
#include "config/settings.h"
#include "db/database.h"
#include "db/outbox_dispatcher.h"

#include <memory>

namespace reeld::app::daemon {

struct Foundation {
  /// Throws Error: UNAVAILABLE for a database that is away, INVALID for what an administrator must
  /// change.
  Foundation(const config::Settings& settings, const Clock& clock, Log& log, Metrics& metrics,
             const service::Notify& notify, DataFolder folder, Secret secret);

  const Clock& clock;
  Log& log;
  Metrics& metrics;
  DataFolder folder;
  std::unique_ptr<db::Database> database;
  db::OutboxDispatcher outbox;
  Secret secret;
  TokenSigner tokens;
};

/// Level and format as configured; "auto" is the journal's form when its socket is our stderr.
void configureLog(Log& log, const config::LogSettings& settings);

}  // namespace reeld::app::daemon
