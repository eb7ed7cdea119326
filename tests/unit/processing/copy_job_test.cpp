// A title whose top rung is copied: it, its sound and the ranges of the other rungs; and that a
// copy which cannot be made costs nothing but the try.
#include "processing/copy_job.h"

#include "processing/encoding_repository.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

/// Twenty segments with sound, in the rungs 180p and 360p, of which the latter may be copied.
struct CopiedTitle : Studio {
  explicit CopiedTitle(db::Dialect dialect, const std::string& conduct = "good")
      : Studio(dialect, conduct) {
    ladder.rungs = {180, 360};
  }

  std::int64_t jobs(std::string_view kind, const std::string& state = "completed") {
    return count("SELECT COUNT(*) FROM jobs WHERE kind = '" + std::string(kind) +
                 "' AND state = '" + state + "'");
  }
  void requireWhole(catalog::VideoId id) {
    REQUIRE(video(id).state == catalog::VideoState::Ready);
    CHECK(video(id).duration_ms == 80'000);
    CHECK(count("SELECT COUNT(*) FROM segments") == 40);
    CHECK(count("SELECT COUNT(*) FROM sound_parts") == 0);
    CHECK(encodedKeys().size() == 40);
    CHECK(video(id).poster_key);
    CHECK(std::filesystem::is_empty(work_dir));
  }
};

}  // namespace

TEST_CASE("the copied rung is made first, plays at once, and brings the sound of the others") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      CopiedTitle studio(dialect);
      const auto id = studio.upload("copy");
      studio.make();
      CHECK(studio.runner->runOne());  // plan
      CHECK(studio.jobs(CopyKind, "available") == 1);
      CHECK(studio.jobs(RangeKind, "available") == 0);
      CHECK(studio.runner->runOne());
      CHECK(studio.jobs(CopyKind) == 1);
      CHECK(studio.jobs(RangeKind, "available") == 7);
      CHECK(studio.video(id).playable());
      CHECK(studio.count("SELECT COUNT(*) FROM segments") == 20);
      // It is no measure of the work that is left.
      CHECK(studio.count("SELECT COUNT(*) FROM jobs WHERE made > 0") == 0);
      CHECK(studio.count("SELECT MAX(planned) FROM encodings") == 20);
      studio.runOne();
      studio.requireWhole(id);
      CHECK(studio.jobs(RangeKind) == 7);
      CHECK(studio.jobs(SoundKind) == 0);
    }
  }
}

TEST_CASE("a copy that is made again is not published again") {
  CopiedTitle studio(db::Dialect::Sqlite);
  const auto id = studio.upload("copy");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.runner->runOne());  // copy
  const auto before = studio.encodedKeys();
  // As if its daemon had died before it could say that it was done.
  studio.run("UPDATE jobs SET state = 'available' WHERE kind = 'encode-copy'");
  CHECK(studio.runner->runOne());
  CHECK(studio.encodedKeys() == before);
  studio.runOne();
  studio.requireWhole(id);
}

TEST_CASE("a source that proves unfit to be copied is encoded, and nothing of the copy is left") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      CopiedTitle studio(dialect, "refuse-copy");
      const auto id = studio.upload("copy");
      studio.make();
      CHECK(studio.runner->runOne());  // plan
      CHECK(studio.runner->runOne());  // copy
      CHECK_FALSE(studio.video(id).playable());
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      CHECK(studio.encodedKeys().empty());
      studio.runOne();
      studio.requireWhole(id);
      CHECK(studio.jobs(EncodeKind) == 2);
      CHECK(studio.jobs(SoundKind) == 1);
      CHECK(studio.jobs(CopyKind) == 1);
    }
  }
}

TEST_CASE("a source that the copy crashes on is encoded") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      CopiedTitle studio(dialect, "crash-copy");
      const auto id = studio.upload("copy");
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      studio.runOne();
      studio.requireWhole(id);
      CHECK(studio.jobs(CopyKind, "discarded") == 1);
      CHECK(studio.jobs(SoundKind) == 1);
    }
  }
}

TEST_CASE(
    "a source that proves damaged when the other rungs are made of it is encoded as a whole") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      CopiedTitle studio(dialect, "damaged");
      const auto id = studio.upload("copy");
      studio.runOne();
      studio.requireWhole(id);
      CHECK(studio.video(id).damaged);
      CHECK(studio.jobs(EncodeKind) == 2);
      CHECK(studio.jobs(SoundKind) == 1);
    }
  }
}

TEST_CASE("a copy that an administrator cancels ends the title, as any part does") {
  CopiedTitle studio(db::Dialect::Sqlite);
  const auto id = studio.upload("copy");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  const auto job = *studio.database->transact(
      [](db::Session& session) { return claimJob(session, {std::string(CopyKind)}, "there"); });
  studio.database->transact([&](db::Session& session) {
    studio.copy->giveUp(session, job, "encode", Error(ErrorCode::Cancelled, "stopped"));
  });
  CHECK(studio.video(id).state == catalog::VideoState::Failed);
}

TEST_CASE("a copy that was cancelled is not planned anew when its daemon dies of it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      CopiedTitle studio(dialect);
      const auto id = studio.upload("copy");
      studio.make();
      CHECK(studio.runner->runOne());  // plan
      studio.database->transact([&](db::Session& session) {
        const auto job = *claimJob(session, {std::string(CopyKind)}, "there");
        CHECK(cancelJob(session, job.id));
        const auto lost = reapOrphans(session, "there");
        REQUIRE(lost.size() == 1);
        studio.copy->giveUp(session, lost[0], "", Error(ErrorCode::Internal, lost[0].last_error));
      });
      CHECK(studio.video(id).state == catalog::VideoState::Failed);
      CHECK(studio.jobs(EncodeKind, "available") == 0);
    }
  }
}
