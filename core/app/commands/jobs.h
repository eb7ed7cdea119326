// job list, job retry.
#pragma once
#include "app/control/command.h"
#include "base/metrics.h"
#include "db/database.h"
#include "processing/encode_queue.h"

namespace reeld::app::commands {

/// Both outlive the commands.
control::Commands jobCommands(db::Database& database, processing::EncodeQueue& queue);

/// {"available": 2, "running": 1}: for `status`.
Json jobCounts(db::Database& database);

/// reeld_jobs of each queue and state that somebody may have to look at, as the rows are at each
/// scrape; while the database is away, as they were. Nobody scrapes once the database is gone.
void countBacklog(Metrics& metrics, db::Database& database);

}  // namespace reeld::app::commands
