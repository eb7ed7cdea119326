#include "processing/clearance.h"

#include "base/error.h"
#include "catalog/source.h"
#include "catalog/video_counts.h"
#include "catalog/video_progress.h"
#include "catalog/video_purge.h"
#include "catalog/video_terms.h"
#include "processing/encoding_repository.h"
#include "processing/sweep.h"

#include <algorithm>
#include <map>

namespace reeld::processing {

namespace {

constexpr auto Often = std::chrono::minutes(15);
constexpr std::int64_t IndexedAtOnce = 100;
constexpr std::int64_t RecountEvery = std::int64_t{24} * 3'600'000;

}  // namespace

Clearance::Clearance(db::Database& database, storage::Storage& storage, const Clock& clock,
                     const Log& log, std::optional<std::chrono::milliseconds> purge_after)
    : database_(database),
      storage_(storage),
      clock_(clock),
      log_(log),
      purge_after_(purge_after),
      purge_(database, storage, log),
      work_(database, log,
            {.task = "clearance",
             .failure = "cannot clear away what is over",
             .often = Often,
             .after_failure = Often},
            [this] { run(); }) {}

void Clearance::run() {
  index();
  recount();
  clearRetired();
  purgeDeleted();
}

void Clearance::index() {
  while (!work_.stopping()) {
    const auto done = database_.transact(
        [](db::Session& session) { return catalog::indexOldVideos(session, IndexedAtOnce); });
    if (done == 0) {
      break;
    }
  }
}

void Clearance::recount() {
  const EpochMs now = clock_.now();
  if (now - counted_at_ >= RecountEvery) {
    database_.transact([](db::Session& session) { catalog::recountVideos(session); });
    counted_at_ = now;
  }
}

void Clearance::clearRetired() {
  const EpochMs now = clock_.now();
  std::map<catalog::VideoId, std::vector<EncodingId>> over;
  for (const RetiredEncoding& one :
       database_.readOne([](db::Session& session) { return retiredEncodings(session); })) {
    if (one.retired_at + catalog::longestGrantMs(one.duration_ms) < now) {
      over[one.video_id].push_back(one.id);
    }
  }
  for (const auto& [video, encodings] : over) {
    if (work_.stopping()) {
      return;
    }
    clearVideo(video, encodings);
  }
}

void Clearance::clearVideo(catalog::VideoId id, const std::vector<EncodingId>& encodings) {
  // Objects before rows: should it end here, the rows say what is left to do.
  std::vector<EncodingId> all =
      database_.readOne([&](db::Session& session) { return failedEncodings(session, id); });
  all.insert(all.end(), encodings.begin(), encodings.end());
  const std::int64_t objects = sweepEncodings(storage_, id, all);
  const auto sources = database_.transact([&](db::Session& session) {
    for (const EncodingId encoding : all) {
      dropEncoding(session, encoding);
    }
    return catalog::dropUnusedSources(session, id);
  });
  for (const std::string& key : sources) {
    storage_.remove(key);
  }
  log_.info("what was replaced of a video is cleared away",
            {{"video", id}, {"objects", objects + static_cast<std::int64_t>(sources.size())}});
}

void Clearance::purgeDeleted() {
  const EpochMs now = clock_.now();
  // Without a window only what was begun goes on.
  const EpochMs before = purge_after_ ? now - purge_after_->count() : 0;
  const auto due = database_.readOne(
      [&](db::Session& session) { return catalog::videosToPurge(session, before); });
  for (const catalog::VideoId id : due) {
    if (work_.stopping()) {
      return;
    }
    try {
      purge_.run(id, now);
    } catch (const Error& error) {
      log_.warning("cannot purge a video", {{"video", id}, {"error", error.what()}});
    }
  }
}

}  // namespace reeld::processing
