// Clears away what is over, on a thread of its own: encodings that were replaced, once no grant for
// them can be alive; sources nothing is made of any more; videos that were deleted long ago. It
// also indexes videos whose search terms follow older rules, and counts videos anew once a day. Of
// several daemons on one database one does it.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "db/led_work.h"
#include "processing/purge.h"
#include "storage/storage.h"

#include <optional>

namespace reeld::processing {

class Clearance {
 public:
  /// `purge_after`: how long a deleted video can be restored; nothing = for ever.
  Clearance(db::Database& database, storage::Storage& storage, const Clock& clock, const Log& log,
            std::optional<std::chrono::milliseconds> purge_after);

  void start() { work_.start(); }
  void stop() { work_.stop(); }

  /// Everything that is due, once. Any one thread; throws Error.
  void run();

 private:
  void index();
  void recount();
  void clearRetired();
  void clearVideo(catalog::VideoId id, const std::vector<std::int64_t>& encodings);
  void purgeDeleted();

  db::Database& database_;
  storage::Storage& storage_;
  const Clock& clock_;
  const Log& log_;
  std::optional<std::chrono::milliseconds> purge_after_;
  Purge purge_;
  EpochMs counted_at_ = 0;
  db::LedWork work_;
};

}  // namespace reeld::processing
