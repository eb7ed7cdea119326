// order list, order refund, ledger check, ledger export, access explain.
#pragma once
#include "app/control/command.h"
#include "billing/ledger_check.h"
#include "billing/refunds.h"
#include "playback/playback.h"
#include "users/directory.h"

namespace reeld::app::commands {

/// All outlive the commands.
struct MoneyParts {
  db::Database& database;
  billing::LedgerCheck& ledger_check;
  billing::Refunds& refunds;
  playback::Playback& playback;
  users::Directory& directory;
};
control::Commands moneyCommands(MoneyParts parts);

}  // namespace reeld::app::commands
