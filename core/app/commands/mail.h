// mail list, mail retry, mail test.
#pragma once
#include "app/control/command.h"
#include "db/database.h"
#include "users/directory.h"

namespace reeld::app::commands {

/// Both outlive the commands.
control::Commands mailCommands(db::Database& database, users::Directory& directory);

}  // namespace reeld::app::commands
