// From a stored source to READY, through the real child in its real sandbox, on both engines; and
// every way it can go wrong: bad files, crashes, hangs, a full disk, a lost lease, a shutdown.
#include "processing/encode_job.h"

#include "base/crypto.h"
#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "fakes/folder_storage.h"
#include "fakes/ts_segment.h"
#include "processing/encode_queue.h"
#include "processing/encoding_repository.h"
#include "processing/job_runner.h"
#include "processing/video_inspection.h"
#include "processing/worker_process.h"
#include "unit/users/site.h"

#include <thread>

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

struct Studio : Site {
  explicit Studio(db::Dialect dialect, const std::string& conduct = "good")
      : Site(dialect),
        storage(sandbox.folder() / "media"),
        work_dir((sandbox.folder() / "jobs").string()) {
    std::filesystem::create_directories(work_dir);
    encode_options.ladder.preset = conduct;
    encode_options.work_dir = work_dir;
    worker_options.worker_path = REELD_WORKER;
    worker_options.plugin_path = REELD_SCRIPTED_ENCODER;
    worker_options.instance = "scripted";
    worker_options.work_dir = work_dir;
    worker_options.stall_ms = 2000;
    worker_options.grace_ms = 300;
    runner_options.node = "here";
    owner = add("owner@example.org", users::Role::Creator);
  }

  /// A video whose upload has just ended.
  catalog::VideoId upload(const std::string& content = "video") {
    catalog::VideoDraft draft;
    draft.title = "film";
    return database->transact([&](db::Session& session) {
      const catalog::VideoId id = catalog::insertVideo(session, owner, draft, session.now());
      catalog::Source source;
      source.video_id = id;
      source.storage_key = "videos/" + std::to_string(id) + "/sources/x";
      source.sha256 = "00";
      source.size_bytes = static_cast<std::int64_t>(content.size());
      source.created_at = session.now();
      storage.put(source.storage_key, content);
      queue.enqueue(session, id, catalog::insertSource(session, source));
      catalog::startProcessing(session, id, session.now());
      return id;
    });
  }

  void make() {
    if (!runner) {
      worker = std::make_unique<WorkerProcess>(worker_options, spawner, system_clock, sandbox.log,
                                               sandbox.metrics);
      job = std::make_unique<EncodeJob>(encode_options, *worker, storage, *database, sandbox.log);
      runner = std::make_unique<JobRunner>(runner_options, *job, *database, system_clock,
                                           sandbox.log, sandbox.metrics);
    }
  }
  void runOne() {
    make();
    run("UPDATE jobs SET run_at = 0 WHERE state = 'available'");
    CHECK(runner->runOne());
  }
  catalog::Video video(catalog::VideoId id) {
    return *database->read([&](db::Session& session) { return catalog::findVideo(session, id); });
  }
  Job newestJob(catalog::VideoId id) {
    return *database->read([&](db::Session& session) { return newestJobOf(session, id); });
  }
  std::vector<std::string> encodedKeys() {
    auto keys = storage.keys();
    std::erase_if(
        keys, [](const std::string& key) { return key.find("/encodings/") == std::string::npos; });
    return keys;
  }

  SystemClock system_clock;
  FolderStorage storage;
  std::string work_dir;
  EncodeOptions encode_options;
  WorkerOptions worker_options;
  RunnerOptions runner_options;
  EncodeQueue queue{[this] { ++wakes; }, 5};
  int wakes = 0;
  users::UserId owner = 0;
  Spawner spawner;
  std::unique_ptr<WorkerProcess> worker;
  std::unique_ptr<EncodeJob> job;
  std::unique_ptr<JobRunner> runner;
};

template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace

TEST_CASE("a stored source becomes a READY video whose every byte is in storage and in rows") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload();
      CHECK(studio.wakes == 1);
      studio.runOne();
      const catalog::Video video = studio.video(id);
      CHECK(video.state == catalog::VideoState::Ready);
      CHECK(video.duration_ms == 12'000);
      REQUIRE(video.current_encoding);
      REQUIRE(video.poster_key);
      CHECK(studio.storage.stat(*video.poster_key));
      const auto renditions = studio.database->read(
          [&](db::Session& session) { return loadRenditions(session, *video.current_encoding); });
      REQUIRE(renditions.size() == 1);
      CHECK(renditions[0].name == "360p");
      CHECK(renditions[0].codecs == "avc1.4d401e,mp4a.40.2");
      CHECK(renditions[0].bandwidth == static_cast<std::int64_t>(tsBytes(100)) * 8 / 4);
      REQUIRE(renditions[0].segments.size() == 3);
      for (const Segment& segment : renditions[0].segments) {
        CHECK(segment.sha256 == toHex(sha256(studio.storage.get(segment.storage_key))));
      }
      CHECK(studio.encodedKeys().size() == 3);
      CHECK(studio.newestJob(id).state == JobState::Completed);
      CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.ready'") == 1);
      CHECK(studio.count("SELECT COUNT(*) FROM sources WHERE facts LIKE '%h264%'") == 1);
      CHECK(std::filesystem::is_empty(studio.work_dir));
    }
  }
}

TEST_CASE("damage that leaves something to watch is marked") {
  Studio studio(db::Dialect::Sqlite, "damaged");
  const auto id = studio.upload();
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(studio.video(id).damaged);
}

TEST_CASE("a file of no use fails at once, with a sentence for its owner") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload("text");
      studio.runOne();
      const catalog::Video video = studio.video(id);
      CHECK(video.state == catalog::VideoState::Failed);
      REQUIRE(video.failure);
      CHECK(video.failure->stage == "probe");
      CHECK(video.failure->cause == "invalid: the file is no video: it cannot be recognised");
      CHECK(video.failure->hint ==
            "This file cannot be used: the file is no video: it cannot be recognised.");
      CHECK_FALSE(video.playable());
      CHECK(studio.newestJob(id).state == JobState::Discarded);
      CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.failed'") == 1);
    }
  }
}

TEST_CASE("an empty file fails at once, and no encoder is started for it") {
  Studio studio(db::Dialect::Sqlite);
  studio.worker_options.worker_path = "/nonexistent";
  const auto id = studio.upload("");
  studio.runOne();
  const catalog::Video video = studio.video(id);
  CHECK(video.state == catalog::VideoState::Failed);
  REQUIRE(video.failure);
  CHECK(video.failure->stage == "probe");
  CHECK(video.failure->hint == "This file cannot be used: the file is empty.");
  CHECK(studio.newestJob(id).state == JobState::Discarded);
}

TEST_CASE("a file that crashes the encoder twice is poison, and nothing of the tries is left") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect, "crash-midway");
      const auto id = studio.upload();
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      CHECK(studio.newestJob(id).crashes == 1);
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Failed);
      CHECK(studio.video(id).failure->cause == "corrupt: the encoder crashed (signal 6 SIGABRT)");
      CHECK(studio.newestJob(id).state == JobState::Discarded);
      CHECK(studio.encodedKeys().empty());
      CHECK(studio.count("SELECT COUNT(*) FROM segments") == 0);
      CHECK(std::filesystem::is_empty(studio.work_dir));
    }
  }
}

TEST_CASE("a segment that is not what the encoder says is never published") {
  const auto cause = [](const std::string& conduct) {
    Studio studio(db::Dialect::Sqlite, conduct);
    const auto id = studio.upload();
    studio.runOne();
    CHECK(studio.count("SELECT COUNT(*) FROM segments") == 1);
    studio.runOne();
    CHECK(studio.video(id).state == catalog::VideoState::Failed);
    CHECK(studio.encodedKeys().empty());
    REQUIRE(studio.video(id).failure);
    CHECK(studio.video(id).failure->stage == "verify");
    return studio.video(id).failure->cause;
  };
  CHECK(cause("no-idr") ==
        "corrupt: the encoder made segment 1 of 360p, which does not start with an IDR picture "
        "after its SPS and PPS");
  CHECK(cause("lost-picture") ==
        "corrupt: the encoder made segment 1 of 360p, which holds 99 pictures, not 100");
}

TEST_CASE("a crash is tried again within seconds, without anybody asking") {
  Studio studio(db::Dialect::Sqlite, "crash-midway");
  studio.runner_options.poll_ms = 600'000;
  const auto id = studio.upload();
  studio.make();
  studio.runner->start();
  CHECK(eventually([&] { return studio.newestJob(id).state == JobState::Discarded; }));
  studio.runner->stop(std::chrono::milliseconds(0));
}

TEST_CASE("a failed video can be taken up again and reaches READY") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload("text");
      studio.runOne();
      studio.storage.put("videos/" + std::to_string(id) + "/sources/x", "video");
      studio.database->transact([&](db::Session& session) { studio.queue.requeue(session, id); });
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      CHECK_FALSE(studio.video(id).failure);
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(codeOf([&] {
              studio.database->transact(
                  [&](db::Session& session) { studio.queue.requeue(session, id); });
            }) == ErrorCode::Conflict);
    }
  }
}

TEST_CASE("a discarded job is retried with its video") {
  Studio studio(db::Dialect::Sqlite);
  const auto id = studio.upload("text");
  studio.runOne();
  studio.storage.put("videos/" + std::to_string(id) + "/sources/x", "video");
  const JobId job = studio.newestJob(id).id;
  studio.database->transact([&](db::Session& session) { studio.queue.retry(session, job); });
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(codeOf([&] {
          studio.database->transact(
              [&](db::Session& session) { studio.queue.retry(session, job); });
        }) == ErrorCode::Conflict);
}

TEST_CASE("a full disk is waited out") {
  Studio studio(db::Dialect::Sqlite);
  studio.storage.full = true;
  const auto id = studio.upload();
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Processing);
  CHECK(studio.newestJob(id).state == JobState::Available);
  CHECK(studio.newestJob(id).last_error == "the disk is full");
  studio.storage.full = false;
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(studio.encodedKeys().size() == 3);
}

TEST_CASE("a hung encoder is ended, twice, and then given up") {
  Studio studio(db::Dialect::Sqlite, "hang");
  studio.worker_options.stall_ms = 200;
  const auto id = studio.upload();
  studio.runOne();
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Failed);
  CHECK(studio.video(id).failure->cause ==
        "timeout: the encoder hung: it made no progress and was ended");
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
      studio.encode_options.ladder.preset = "good";
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
          "UPDATE jobs SET state = 'running', attempt = 5, lease_token = 'dead', lease_until = 1, "
          "locked_by = 'x'");
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
      REQUIRE(eventually([&] { return studio.newestJob(id).state == JobState::Completed; }));
      CHECK_FALSE(std::filesystem::exists(studio.work_dir + "/1/dead"));
      studio.runner->stop(std::chrono::milliseconds(1000));
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(studio.encodedKeys().size() == 3);
      CHECK(studio.count("SELECT COUNT(*) FROM encodings WHERE state = 'failed'") == 1);
    }
  }
}

TEST_CASE("a whole video verifies, a spoiled one says what is wrong") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload();
      VideoInspection inspection(*studio.database, studio.storage);
      CHECK(inspection.verify(id).find("problems")->array().at(0).text() ==
            "nothing has been made of its source yet");
      CHECK(std::get<std::string>(inspection.verify(studio.video(id))) ==
            "nothing has been made of its source yet");
      studio.runOne();
      const Json whole = inspection.verify(id);
      CHECK(whole.find("ok")->boolean());
      CHECK(whole.find("renditions")->integer() == 1);
      CHECK(whole.find("segments")->integer() == 3);
      CHECK(whole.find("bytes")->integer() == static_cast<std::int64_t>(3 * tsBytes(100)));
      CHECK(std::get<catalog::Finished>(inspection.verify(studio.video(id))).duration_ms == 12'000);
      const std::string key = studio.encodedKeys().at(1);
      std::string bytes = studio.storage.get(key);
      bytes.back() ^= 1;
      studio.storage.put(key, bytes);
      CHECK(inspection.verify(id).find("problems")->array().at(0).text() ==
            "rendition 360p: segment 1 in storage is not what was published: its checksum differs");
      studio.storage.put(key, std::string(bytes.size(), 'x'));
      CHECK(
          std::get<std::string>(inspection.verify(studio.video(id))) ==
          "rendition 360p: segment 1 in storage is not what was published: it is out of step with "
          "its transport packets at byte 0");
      studio.storage.remove(key);
      CHECK(inspection.verify(id).find("problems")->array().at(0).text() ==
            "rendition 360p: segment 1 is not in storage");
      CHECK(std::get<std::string>(inspection.verify(studio.video(id))) ==
            "rendition 360p: segment 1 is not in storage");
      CHECK(codeOf([&] { inspection.verify(99); }) == ErrorCode::NotFound);
    }
  }
}

TEST_CASE("an encoding that still grows cannot be pushed to READY") {
  Studio studio(db::Dialect::Sqlite, "pause-midway");
  studio.runner_options.poll_ms = 10;
  const auto id = studio.upload();
  studio.make();
  studio.runner->start();
  REQUIRE(eventually([&] { return studio.count("SELECT COUNT(*) FROM segments") == 2; }));
  VideoInspection inspection(*studio.database, studio.storage);
  CHECK(std::get<std::string>(inspection.verify(studio.video(id))) ==
        "the encoding is not finished");
  studio.runner->stop(std::chrono::milliseconds(0));
}

TEST_CASE("why says the way of a video in sentences") {
  Studio studio(db::Dialect::Sqlite);
  const auto id = studio.upload("text");
  studio.runOne();
  const Json why = VideoInspection(*studio.database, studio.storage).why(id);
  CHECK(why.find("state")->text() == "FAILED");
  CHECK(why.find("title")->text() == "film");
  const Json::Array& steps = why.find("steps")->array();
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].text() == "source 1: 4 bytes, not probed yet");
  CHECK(
      steps[1].text() ==
      "job 1 is discarded, try 1 of 5, last error: the file is no video: it cannot be recognised");
  CHECK(steps[2].text() ==
        "failed at probe: invalid: the file is no video: it cannot be recognised");
}
