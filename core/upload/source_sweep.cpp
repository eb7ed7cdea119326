#include "upload/source_sweep.h"

#include "catalog/source.h"
#include "storage/blob_key.h"

#include <algorithm>
#include <vector>

namespace reeld::upload {

namespace {

constexpr auto Often = std::chrono::hours(24);
constexpr auto AfterFailure = std::chrono::hours(1);
constexpr std::int64_t VideosAtOnce = 500;

const db::Statement Videos{"SELECT id FROM videos WHERE id > $1 ORDER BY id LIMIT $2"};

}  // namespace

SourceSweep::SourceSweep(db::Database& database, storage::Storage& storage, const Clock& clock,
                         const Log& log)
    : database_(database),
      storage_(storage),
      clock_(clock),
      log_(log),
      work_(database, log,
            {.task = "sources",
             .failure = "cannot look for stored sources that no row names",
             .often = Often,
             .after_failure = AfterFailure},
            [this] { run(); }) {}

std::int64_t SourceSweep::run() {
  std::int64_t removed = 0;
  for (std::int64_t last = 0;;) {
    const auto page = database_.read(
        [&](db::Session& session) { return session.query(Videos, last, VideosAtOnce); });
    for (const db::Row& row : page) {
      if (work_.stopping()) {
        return removed;
      }
      last = row.integer(0);
      removed += sweep(last);
    }
    if (static_cast<std::int64_t>(page.size()) < VideosAtOnce) {
      return removed;
    }
  }
}

std::int64_t SourceSweep::sweep(std::int64_t video) {
  std::vector<storage::Object> old;
  const std::int64_t oldest_spared = clock_.now() - SafeAgeMs;
  storage_.list(storage::sourcePrefix(video), "", [&](const storage::Object& object) {
    if (object.modified_ms < oldest_spared) {
      old.push_back(object);
    }
    return true;
  });
  if (old.empty()) {
    return 0;
  }
  const auto named =
      database_.readOne([&](db::Session& session) { return catalog::sourceKeys(session, video); });
  std::int64_t removed = 0;
  for (const storage::Object& object : old) {
    if (std::find(named.begin(), named.end(), object.key) == named.end()) {
      storage_.remove(object.key);
      log_.warning("removed a stored source that no row names",
                   {{"key", object.key}, {"bytes", object.size}});
      ++removed;
    }
  }
  return removed;
}

}  // namespace reeld::upload
