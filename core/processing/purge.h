// Takes a deleted video away for good: its objects, then its rows. Begun, it is carried through: a
// daemon that dies in the middle leaves a mark, and the next one goes on from there.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "catalog/video.h"
#include "db/database.h"
#include "storage/storage.h"

namespace reeld::processing {

class Purge {
 public:
  Purge(db::Database& database, storage::Storage& storage, const Log& log)
      : database_(database), storage_(storage), log_(log) {}

  /// False while a task of the encoder still works on it; it was told to stop. Throws CONFLICT for
  /// a video that is not deleted, NOT_FOUND.
  bool run(catalog::VideoId id, EpochMs now);

 private:
  bool isIdle(catalog::VideoId id, EpochMs now);

  db::Database& database_;
  storage::Storage& storage_;
  const Log& log_;
};

}  // namespace reeld::processing
