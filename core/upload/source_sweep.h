// Removes stored sources that no row names: what a daemon that died between handing a file over to
// storage and committing its row has left, and what an undo could not remove. Looks at once and
// then every day, on a thread of its own; of several daemons on one database one does.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "db/led_work.h"
#include "storage/storage.h"

namespace reeld::upload {

class SourceSweep {
 public:
  /// A younger object may be one whose row is just being written.
  static constexpr std::int64_t SafeAgeMs = std::int64_t{6} * 3'600'000;

  /// Everything outlives this.
  SourceSweep(db::Database& database, storage::Storage& storage, const Clock& clock,
              const Log& log);

  void start() { work_.start(); }
  /// Ends a sweep under way after the video it is at.
  void stop() { work_.stop(); }

  /// One sweep over the folders of all videos, deleted ones too. How many objects were removed;
  /// throws Error. Any one thread.
  std::int64_t run();

 private:
  std::int64_t sweep(std::int64_t video);

  db::Database& database_;
  storage::Storage& storage_;
  const Clock& clock_;
  const Log& log_;
  db::LedWork work_;
};

}  // namespace reeld::upload
