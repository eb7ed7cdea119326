// Deletes rows of sessions that are over, whoever's they are: a user who never comes back would
// keep his for ever. Looks at once and then every hour, on a thread of its own; of several daemons
// on one database one does.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "db/led_work.h"

namespace reeld::users {

class SessionSweep {
 public:
  /// So long a row outlives its session. A session ends by the daemon's clock, and that may be
  /// wrong for a while.
  static constexpr std::int64_t KeptMs = std::int64_t{24} * 3'600'000;

  /// Everything outlives this.
  SessionSweep(db::Database& database, const Clock& clock, const Log& log);

  void start() { work_.start(); }
  void stop() { work_.stop(); }

  /// All that is due, once. Any one thread; throws Error.
  void run();

 private:
  db::Database& database_;
  const Clock& clock_;
  db::LedWork work_;
};

}  // namespace reeld::users
