// From a stored source to READY, through the real child in its real sandbox, on both engines; and
// every way a file or an encoder can be of no use.
#include "processing/encode_job.h"

#include "fakes/ts_segment.h"
#include "processing/encoding_repository.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

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
