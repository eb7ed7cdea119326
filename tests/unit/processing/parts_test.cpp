// A title that is made in parts: by one daemon or two, interrupted in every place, given up as a
// whole.
#include "processing/encoding_repository.h"
#include "processing/part_repository.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

/// A title of twenty segments with sound: seven ranges.
struct Cutting : Studio {
  using Studio::Studio;

  std::int64_t jobs(const std::string& kind, const std::string& state = "completed") {
    return count("SELECT COUNT(*) FROM jobs WHERE kind = '" + kind + "' AND state = '" + state +
                 "'");
  }
  void requireWhole(catalog::VideoId id) {
    REQUIRE(video(id).state == catalog::VideoState::Ready);
    CHECK(video(id).duration_ms == 80'000);
    CHECK(count("SELECT COUNT(*) FROM segments") == 20);
    CHECK(count("SELECT COUNT(*) FROM sound_parts") == 0);
    CHECK(encodedKeys().size() == 20);
    CHECK(jobs(std::string(SoundKind)) == 1);
    CHECK(jobs(std::string(RangeKind)) == 7);
    CHECK(jobs(std::string(FinishKind)) == 1);
    CHECK(std::filesystem::is_empty(work_dir));
  }
};

}  // namespace

TEST_CASE("a long title is made in ranges that mux one sound") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutting studio(dialect);
      const auto id = studio.upload("long");
      studio.runOne();
      studio.requireWhole(id);
      CHECK(studio.video(id).poster_key);
    }
  }
}

TEST_CASE("two daemons make one title, and each has a part in it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutting studio(dialect);
      studio.runner_options.poll_ms = 10;
      const auto id = studio.upload("long");
      studio.make();
      RunnerOptions options = studio.runner_options;
      options.node = "there";
      JobRunner other(
          options,
          {studio.encode.get(), studio.sound.get(), studio.range.get(), studio.finish.get()},
          *studio.database, studio.system_clock, studio.sandbox.log, studio.sandbox.metrics);
      studio.runner->start();
      other.start();
      REQUIRE(
          eventually([&] { return studio.video(id).state != catalog::VideoState::Processing; }));
      other.stop(std::chrono::milliseconds(1000));
      studio.runner->stop(std::chrono::milliseconds(1000));
      studio.requireWhole(id);
      CHECK(studio.count(
                "SELECT COUNT(DISTINCT locked_by) FROM jobs WHERE kind = 'encode-range'") == 2);
    }
  }
}

TEST_CASE("sound that is made again is not published again") {
  Cutting studio(db::Dialect::Sqlite);
  const auto id = studio.upload("long");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.runner->runOne());  // sound
  CHECK(studio.jobs(std::string(SoundKind)) == 1);
  CHECK(studio.count("SELECT COUNT(*) FROM sound_parts") == 7);
  // As if its daemon had died before it could say that it was done.
  studio.run("UPDATE jobs SET state = 'available' WHERE kind = 'encode-sound'");
  studio.runOne();
  studio.requireWhole(id);
}

TEST_CASE("a part that cannot be made ends the whole title, and nothing of it is left") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutting studio(dialect, "crash-midway");
      const auto id = studio.upload("long");
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      CHECK(studio.jobs(std::string(RangeKind)) == 6);
      CHECK(studio.count("SELECT COUNT(*) FROM segments") == 18);
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Failed);
      CHECK(studio.encodedKeys().empty());
      CHECK(studio.count("SELECT COUNT(*) FROM segments") == 0);
      CHECK(studio.count("SELECT COUNT(*) FROM sound_parts") == 0);
      CHECK(studio.count("SELECT COUNT(*) FROM jobs WHERE state IN ('available', 'running')") == 0);
    }
  }
}

TEST_CASE("parts of a title that was given up stop, and do not touch its next encoding") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutting studio(dialect, "crash-midway");
      const auto id = studio.upload("long");
      studio.make();
      CHECK(studio.runner->runOne());  // plan
      CHECK(studio.runner->runOne());  // sound
      const auto late = *studio.database->transact([](db::Session& session) {
        // Somebody else's, somewhere in the middle.
        session.queryText("UPDATE jobs SET run_at = run_at + 1000000 WHERE args LIKE '%:0,%'", {});
        return claimJob(session, {std::string(RangeKind)}, "there");
      });
      studio.runOne();
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Failed);
      CHECK(studio.database->transact([&](db::Session& session) {
        return heartbeat(session, {late.id, late.lease_token});
      }) == LeaseState::CancelAsked);
      studio.database->transact([&](db::Session& session) {
        studio.queue.requeue(session, id);
        CHECK(endCancelledJob(session, {late.id, late.lease_token}));
        studio.range->giveUp(session, late, "encode", Error(ErrorCode::Cancelled, "stopped"));
      });
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
    }
  }
}

TEST_CASE("a job that gets further with every try never runs out of them") {
  Cutting studio(db::Dialect::Sqlite);
  const auto id = studio.upload("long");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.runner->runOne());  // sound
  studio.run("UPDATE jobs SET attempt = 4 WHERE kind = 'encode-range'");
  studio.storage.room = 2;
  CHECK(studio.runner->runOne());
  CHECK(studio.count("SELECT COUNT(*) FROM segments") == 2);
  // It began to count anew, and a full disk costs no try.
  CHECK(studio.count("SELECT attempt FROM jobs WHERE kind = 'encode-range' AND run_at = (SELECT "
                     "MAX(run_at) FROM jobs)") == 0);
  studio.storage.room = -1;
  studio.runOne();
  studio.requireWhole(id);
}

TEST_CASE("a discarded part is taken up again with its whole video") {
  Cutting studio(db::Dialect::Sqlite, "crash-midway");
  const auto id = studio.upload("long");
  studio.runOne();
  studio.runOne();
  const auto job = studio.database->transact([](db::Session& session) {
    return session.queryText("SELECT id FROM jobs WHERE state = 'discarded'", {})[0].integer(0);
  });
  studio.database->transact([&](db::Session& session) { studio.queue.retry(session, job); });
  CHECK(studio.video(id).state == catalog::VideoState::Processing);
  CHECK(studio.jobs(std::string(EncodeKind), "available") == 1);
}

TEST_CASE("a title plays as soon as its first segment is there, long before it is READY") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutting studio(dialect);
      const auto id = studio.upload("long");
      studio.make();
      CHECK(studio.runner->runOne());  // plan
      CHECK(studio.runner->runOne());  // sound
      CHECK_FALSE(studio.video(id).playable());
      CHECK(studio.runner->runOne());  // the first range
      const auto video = studio.video(id);
      CHECK(video.state == catalog::VideoState::Processing);
      REQUIRE(video.current_encoding);
      CHECK(video.duration_ms == 80'000);
      const auto renditions = studio.database->read(
          [&](db::Session& session) { return loadRenditions(session, *video.current_encoding); });
      REQUIRE(renditions.size() == 1);
      CHECK(renditions[0].codecs == "avc1.4d401e");
      CHECK(renditions[0].bandwidth > 0);
      CHECK(renditions[0].segments.size() == 3);
      CHECK(studio.count("SELECT planned FROM encodings") == 20);
      CHECK(studio.count("SELECT CAST(SUM(made) AS BIGINT) FROM jobs") == 3);
      studio.runOne();
      studio.requireWhole(id);
      CHECK(studio.video(id).current_encoding == video.current_encoding);
      CHECK(studio.count("SELECT CAST(SUM(made) AS BIGINT) FROM jobs") == 20);
    }
  }
}

TEST_CASE("what played of a title that is given up plays no more, nor do links to it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutting studio(dialect, "crash-midway");
      const auto id = studio.upload("long");
      studio.runOne();
      CHECK(studio.video(id).playable());
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Failed);
      CHECK_FALSE(studio.video(id).playable());
      CHECK(studio.count("SELECT COUNT(*) FROM revocations") == 1);
    }
  }
}

TEST_CASE("a plan that is made anew withdraws what the old one had begun to play") {
  Cutting studio(db::Dialect::Sqlite);
  const auto id = studio.upload("long");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.runner->runOne());  // sound
  CHECK(studio.runner->runOne());  // the first range
  CHECK(studio.video(id).playable());
  // As if its daemon had died before it could say that it had planned.
  studio.run("UPDATE jobs SET state = 'available', run_at = 0 WHERE kind = 'encode'");
  CHECK(studio.runner->runOne());
  CHECK_FALSE(studio.video(id).playable());
  CHECK(studio.count("SELECT COUNT(*) FROM revocations") == 1);
  CHECK(studio.encodedKeys().empty());
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
}
