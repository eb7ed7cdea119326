// storage scan.
#pragma once
#include "app/control/command.h"
#include "processing/storage_scan.h"

namespace reeld::app::commands {

/// All of it outlives the commands.
control::Commands storageCommands(db::Database& database, storage::Storage& storage,
                                  const Clock& clock);

}  // namespace reeld::app::commands
