#include "users/session_sweep.h"

#include "users/session_repository.h"

namespace reeld::users {

namespace {
constexpr auto Often = std::chrono::hours(1);
// In pieces: whoever signs in meanwhile waits for one of them and not for all.
constexpr std::int64_t AtOnce = 500;
}  // namespace

SessionSweep::SessionSweep(db::Database& database, const Clock& clock, const Log& log)
    : database_(database),
      clock_(clock),
      work_(database, log,
            {.task = "sessions",
             .failure = "cannot clear away sessions that are over",
             .often = Often,
             .after_failure = Often},
            [this] { run(); }) {}

void SessionSweep::run() {
  std::int64_t gone = AtOnce;
  while (gone == AtOnce && !work_.stopping()) {
    gone = database_.transact([&](db::Session& session) {
      return pruneSessions(session, clock_.now() - KeptMs, AtOnce);
    });
  }
}

}  // namespace reeld::users
