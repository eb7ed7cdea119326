// Proves that the ledger is exact: entries sum to zero, every order that was paid has its postings
// and no other has any, shares follow from the rate on the posting, refunds reverse all of it, and
// what opens a video was paid for. On demand, and every hour by one of the daemons on a database.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/database.h"
#include "db/led_work.h"

#include <string>
#include <vector>

namespace reeld::billing {

struct LedgerReport {
  std::int64_t orders = 0;
  std::int64_t postings = 0;
  std::vector<std::string> faults;  ///< sentences; of each kind at most a hundred
};

class LedgerCheck {
 public:
  /// Everything outlives this.
  LedgerCheck(db::Database& database, const Clock& clock, const Log& log, Metrics& metrics);

  void start() { work_.start(); }
  void stop() { work_.stop(); }

  /// One look at everything, in one snapshot. Throws Error. Any thread.
  LedgerReport run();

 private:
  void runAndTell();

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  Gauge& faults_;
  Gauge& checked_;
  db::LedWork work_;
};

}  // namespace reeld::billing
