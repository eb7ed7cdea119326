// What the jobs of an encoding work with, gathered once: they differ in what they make, not in
// their tools.
#pragma once
#include "base/log.h"
#include "db/database.h"
#include "processing/encoder.h"
#include "storage/storage.h"

#include <functional>
#include <string>

namespace reeld::processing {

struct Workshop {
  Encoder& encoder;
  storage::Storage& storage;
  db::Database& database;
  const Log& log;
  std::string work_dir;        ///< exists; a folder per task
  int threads = 4;             ///< of this daemon's processor, per encoder
  std::function<void()> wake;  ///< told after each commit that enqueued, any thread
};

}  // namespace reeld::processing
