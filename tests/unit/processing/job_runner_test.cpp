// The life of jobs among daemons that stop, die, wake late, or are told to cancel.
#include "processing/job_runner.h"

#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

TEST_CASE("a crash is tried again within seconds, without anybody asking") {
  Studio studio(db::Dialect::Sqlite, "crash-midway");
  studio.runner_options.poll_ms = 600'000;
  const auto id = studio.upload();
  studio.make();
  studio.runner->start();
  CHECK(eventually([&] { return studio.newestJob(id).state == JobState::Discarded; }));
  studio.runner->stop(std::chrono::milliseconds(0));
}

TEST_CASE("while the disk has no room what is not light waits, and no try is lost") {
  Studio studio(db::Dialect::Sqlite);
  bool has_room = false;
  studio.runner_options.has_room = [&] { return has_room; };
  const auto id = studio.upload();
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK_FALSE(studio.runner->runOne());
  CHECK(studio.video(id).state == catalog::VideoState::Processing);
  CHECK(studio.count("SELECT MAX(attempt) FROM jobs WHERE state = 'available'") == 0);
  has_room = true;
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
}

TEST_CASE("at shutdown a job is released without losing its try, and finished in the next life") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect, "pause-midway");
      studio.runner_options.poll_ms = 10;
      const auto id = studio.upload();
      studio.make();
      studio.runner->start();
      REQUIRE(eventually([&] { return studio.count("SELECT COUNT(*) FROM segments") == 2; }));
      CHECK(studio.runner->running() == 1);
      studio.runner->stop(std::chrono::milliseconds(0));
      CHECK(studio.newestJob(id).state == JobState::Available);
      CHECK(studio.newestJob(id).attempt == 0);
      studio.runner.reset();
      studio.run("UPDATE encodings SET plan = replace(plan, 'pause-midway', 'good')");
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(studio.count("SELECT COUNT(*) FROM segments") == 3);
      CHECK(studio.encodedKeys().size() == 3);
    }
  }
}

TEST_CASE("a daemon that wakes after its lease cannot change what its heir made") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio zombie(dialect, "pause-midway");
      zombie.runner_options.poll_ms = 10;
      // Its beats come too late to help it.
      zombie.runner_options.lease_ms = 400;
      const auto id = zombie.upload();
      zombie.make();
      zombie.runner->start();
      REQUIRE(eventually([&] { return zombie.count("SELECT COUNT(*) FROM segments") == 2; }));
      zombie.run(
          "UPDATE jobs SET lease_token = 'heir', locked_by = 'there' WHERE state = 'running'");
      REQUIRE(eventually([&] { return zombie.runner->running() == 0; }));
      const Job job = zombie.newestJob(id);
      CHECK(job.state == JobState::Running);
      CHECK(job.lease_token == "heir");
      CHECK(zombie.video(id).state == catalog::VideoState::Processing);
      CHECK(zombie.count("SELECT COUNT(*) FROM segments") == 2);
      zombie.runner->stop(std::chrono::milliseconds(0));
    }
  }
}

TEST_CASE("a job that was cancelled stops, and its video says so") {
  Studio studio(db::Dialect::Sqlite, "pause-midway");
  studio.runner_options.lease_ms = 400;
  studio.runner_options.poll_ms = 10;
  const auto id = studio.upload();
  studio.make();
  studio.runner->start();
  REQUIRE(eventually([&] { return studio.count("SELECT COUNT(*) FROM segments") == 2; }));
  const JobId job = studio.newestJob(id).id;
  CHECK(studio.database->transact([&](db::Session& session) { return cancelJob(session, job); }));
  REQUIRE(eventually([&] { return studio.newestJob(id).state == JobState::Cancelled; }));
  studio.runner->stop(std::chrono::milliseconds(0));
  CHECK(studio.video(id).state == catalog::VideoState::Failed);
  CHECK(studio.video(id).failure->hint == "The work on this video was cancelled.");
}

TEST_CASE("a job whose daemons die each time is given up, and its video says so") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload();
      studio.run(
          "UPDATE jobs SET state = 'running', attempt = 1, losses = 9, lease_token = 'dead', "
          "lease_until = 1, locked_by = 'x'");
      studio.make();
      studio.runner->reap();
      CHECK(studio.newestJob(id).state == JobState::Discarded);
      CHECK(studio.video(id).state == catalog::VideoState::Failed);
    }
  }
}

TEST_CASE("a daemon killed in the middle leaves a job that its next life finishes at once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload();
      // As kill -9 leaves it: running, leased for long, with objects and rows of the dead task.
      studio.run(
          "UPDATE jobs SET state = 'running', attempt = 1, lease_token = 'dead', "
          "lease_until = 99999999999999, locked_by = 'here'");
      studio.storage.put("videos/" + std::to_string(id) + "/encodings/1/dead/360p/segment_000.ts",
                         "torn");
      studio.run(
          "INSERT INTO encodings (video_id, source_id, state, settings_hash, plan, created_at) "
          "SELECT id, 1, 'growing', 'x', '{}', 1 FROM videos");
      std::filesystem::create_directories(studio.work_dir + "/1/dead/360p");
      studio.runner_options.poll_ms = 10;
      studio.make();
      studio.runner->start();
      REQUIRE(eventually([&] { return studio.video(id).state == catalog::VideoState::Ready; }));
      CHECK_FALSE(std::filesystem::exists(studio.work_dir + "/1/dead"));
      studio.runner->stop(std::chrono::milliseconds(1000));
      CHECK(studio.encodedKeys().size() == 3);
      CHECK(studio.count("SELECT COUNT(*) FROM encodings WHERE state = 'failed'") == 1);
    }
  }
}
