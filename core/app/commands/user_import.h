// user import: users of another system, from the lines of a file that comes with the request. All
// lines are checked before the first user is made, and every fault is told with its line.
#pragma once
#include "app/control/command.h"
#include "users/user_import.h"

namespace reeld::app::commands {

/// Outlives the command. Faults and the addresses that are here already come as steps of progress,
/// {"fault": {...}} and {"existing": {...}}, because there may be more of them than an answer
/// holds.
control::Command userImportCommand(users::UserImport& import);

}  // namespace reeld::app::commands
