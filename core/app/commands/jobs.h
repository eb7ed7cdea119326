// job list, job retry.
#pragma once
#include "app/control/command.h"
#include "db/database.h"
#include "processing/encode_queue.h"

namespace reeld::app::commands {

/// Both outlive the commands.
control::Commands jobCommands(db::Database& database, processing::EncodeQueue& queue);

/// {"available": 2, "running": 1}: for `status`.
Json jobCounts(db::Database& database);

}  // namespace reeld::app::commands
