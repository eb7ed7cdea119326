// How far a video is, as its jobs tell it, and when it may be whole.
#include "catalog/video_work.h"

#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::catalog;
using namespace reeld::test;

namespace {

/// A video in PROCESSING whose encoding was planned at 1000 with forty segments.
struct Bench : Site {
  explicit Bench(db::Dialect dialect) : Site(dialect) {
    const auto owner = add("owner@example.org", users::Role::Creator);
    VideoDraft draft;
    draft.title = "film";
    video = database->transact([&](db::Session& session) {
      const VideoId id = insertVideo(session, owner, draft, 1);
      startProcessing(session, id, 1);
      return id;
    });
    run("INSERT INTO sources (video_id, storage_key, sha256, size_bytes, created_at) VALUES (" +
        std::to_string(video) + ", 'x', '00', 1, 1)");
    run("INSERT INTO encodings (video_id, source_id, state, settings_hash, plan, planned, "
        "created_at) SELECT video_id, id, 'growing', '', '{}', 40, 1000 FROM sources");
  }
  void addJob(int made, const std::string& made_at) {
    run("INSERT INTO jobs (kind, args, video_id, encoding_id, priority, run_at, max_attempts, "
        "created_at, made, made_at) SELECT 'encode-range', '{}', video_id, id, 2, 0, 5, 0, " +
        std::to_string(made) + ", " + made_at + " FROM encodings");
  }
  Video look() {
    return database->read([&](db::Session& session) {
      auto found = *findVideo(session, video);
      fillWork(session, {&found, 1});
      return found;
    });
  }

  VideoId video = 0;
};

}  // namespace

TEST_CASE("progress is what all jobs have made of what is planned, and the pace tells the rest") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Bench bench(dialect);
      CHECK(bench.look().progress() == 0);
      CHECK_FALSE(bench.look().eta_seconds);
      bench.addJob(0, "NULL");
      CHECK_FALSE(bench.look().eta_seconds);
      bench.addJob(4, "9000");
      bench.addJob(6, "11000");
      // Ten segments in ten seconds.
      CHECK(bench.look().progress() == 25);
      CHECK(bench.look().eta_seconds == 30);
      bench.addJob(31, "41500");
      CHECK(bench.look().progress() == 99);
      CHECK_FALSE(bench.look().eta_seconds);
    }
  }
}

TEST_CASE("only what is worked on is asked about") {
  Bench bench(db::Dialect::Sqlite);
  bench.addJob(10, "11000");
  const auto progressIn = [&](const char* state, int reprocessing) {
    bench.run("UPDATE videos SET state = '" + std::string(state) +
              "', reprocessing = " + std::to_string(reprocessing));
    return bench.look().progress();
  };
  CHECK(progressIn("READY", 0) == 100);
  CHECK(progressIn("READY", 1) == 25);
  CHECK(progressIn("FAILED", 0) == 0);
  CHECK(progressIn("PROCESSING", 0) == 25);
  bench.run("UPDATE encodings SET state = 'failed'");
  CHECK(bench.look().progress() == 0);
}
