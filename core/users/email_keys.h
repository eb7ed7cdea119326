// Keys of addresses that were made when keys were made otherwise. Until reeld compared domains in
// one spelling, the key of q@xn--bcher-kva.example was not the one of q@bücher.example.
#pragma once
#include "base/log.h"
#include "db/database.h"

namespace reeld::users {

/// Gives users the keys that emailKey() makes today; writes nothing if they have them. Where
/// another user has the key already both stay as they are, and the log says so: an administrator
/// has to decide which of the two goes on.
void renewEmailKeys(db::Database& database, const Log& log);

}  // namespace reeld::users
