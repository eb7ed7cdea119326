// The revocations in force, kept from the database: all unexpired ones before the daemon is READY,
// then those of the last minute every half second, by the database's clock. If that stands still,
// grants are still served; stalenessMs() says so, /readyz and a metric with it.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/database.h"
#include "playback/revocation_table.h"
#include "users/revocation_repository.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace reeld::playback {

class Revocations {
 public:
  static constexpr std::int64_t PollMs = 500;
  static constexpr std::int64_t TooStaleMs = 5'000;
  /// A transaction commits after it has read the clock for its revocation, and the clocks of
  /// daemons differ: by so much together.
  static constexpr std::int64_t CautionMs = 5'000;

  Revocations(db::Database& database, const Clock& clock, const Log& log, Metrics& metrics);
  ~Revocations();
  Revocations(const Revocations&) = delete;
  Revocations& operator=(const Revocations&) = delete;

  /// Loads everything (throws Error), then follows on a thread of its own. Once.
  void start();
  void stop();

  /// [hot], any thread. Also for a play token, written as the grant it would become.
  bool isRevoked(const Grant& grant) const noexcept { return table_.isRevoked(grant); }
  /// [hot], any thread. The time to write on what is issued now for the same user and video:
  /// never one that is void already, even if the clock has stepped back behind a revocation.
  EpochMs issueTime(const Grant& grant) const noexcept {
    const EpochMs time = std::max(clock_.now(), table_.lastRevoked(grant) + 1);
    users::noteIssued(time);
    return time;
  }

  /// [hot], any thread. The same for what is decided by what the database says next: the clock of
  /// another daemon may be behind, and what it revokes meanwhile must be the younger one all the
  /// same.
  EpochMs issueTimeBeforeRead(const Grant& grant) const noexcept {
    const EpochMs time = std::max(clock_.now() - CautionMs, table_.lastRevoked(grant) + 1);
    users::noteIssued(time);
    return time;
  }

  /// Reads what is new, now: the daemon that revoked enforces it on the very next request. Any
  /// thread.
  void refresh();

  std::int64_t stalenessMs() const noexcept;

 private:
  void load();
  void take(const db::Rows& rows, bool anew);
  void dropExpired();
  void run();

  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  RevocationTable table_;
  std::mutex writing_;  ///< of known_ and the table
  RevocationMap known_;
  std::atomic<std::int64_t> read_at_{0};  ///< monotonic
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reeld::playback
