// The first segment of a title, made early and by itself, beside the range that makes it in all
// rungs: whichever is faster, and what its failure means.
#include "fakes/ts_segment.h"
#include "processing/encoding_repository.h"
#include "processing/segment_publisher.h"
#include "processing/task_folder.h"
#include "studio.h"

#include <fstream>

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

/// Twenty segments with sound in two rungs, planned, and with its sound made.
struct Beginning : Studio {
  explicit Beginning(db::Dialect dialect) : Studio(dialect) {
    ladder.rungs = {180, 360};
    id = upload("long");
    make();
    CHECK(runner->runOne());  // plan
    CHECK(runner->runOne());  // sound
  }

  Job claim() {
    return *database->transact(
        [](db::Session& session) { return claimJob(session, {std::string(FirstKind)}, "there"); });
  }

  catalog::VideoId id = 0;
};

}  // namespace

TEST_CASE(
    "the beginning of a title is made by itself as well, and published once by whoever is first") {
  for (const auto dialect : engines()) {
    for (const bool is_late : {false, true}) {
      DYNAMIC_SECTION(nameOf(dialect) << (is_late ? ", after its range" : "")) {
        Beginning studio(dialect);
        REQUIRE(
            studio.count(
                "SELECT COUNT(*) FROM jobs WHERE kind = 'encode-first' AND state = 'available'") ==
            1);
        if (is_late) {
          studio.run("UPDATE jobs SET run_at = run_at + 1000000 WHERE kind = 'encode-first'");
        } else {
          CHECK(studio.runner->runOne());
          CHECK(studio.count("SELECT COUNT(*) FROM segments") == 1);
          CHECK(studio.video(studio.id).playable());
        }
        while (studio.runner->runOne()) {
        }
        if (is_late) {
          CHECK(studio.count("SELECT COUNT(*) FROM segments") == 40);
          CHECK(studio.video(studio.id).state == catalog::VideoState::Processing);
          studio.runOne();
        }
        REQUIRE(studio.video(studio.id).state == catalog::VideoState::Ready);
        CHECK(studio.count("SELECT COUNT(*) FROM segments") == 40);
        CHECK(studio.count("SELECT COUNT(*) FROM jobs WHERE made = 1") == (is_late ? 0 : 1));
        CHECK(studio.encodedKeys().size() == 40);
      }
    }
  }
}

TEST_CASE("a beginning that cannot be made by itself costs the title nothing") {
  for (const auto dialect : engines()) {
    for (const bool is_last : {false, true}) {
      DYNAMIC_SECTION(nameOf(dialect) << (is_last ? ", when all else is made" : "")) {
        Beginning studio(dialect);
        const auto job = studio.claim();
        const auto fail = [&] {
          studio.database->transact([&](db::Session& session) {
            CHECK(discardJob(session, {job.id, job.lease_token}, true, "crashed"));
            studio.first->giveUp(session, job, "encode", Error(ErrorCode::Corrupt, "crashed"));
          });
        };
        if (!is_last) {
          fail();
        }
        while (studio.runner->runOne()) {
        }
        if (is_last) {
          CHECK(studio.video(studio.id).state == catalog::VideoState::Processing);
          fail();
          CHECK(studio.runner->runOne());  // finish
        }
        CHECK(studio.video(studio.id).state == catalog::VideoState::Ready);
        CHECK(studio.count("SELECT COUNT(*) FROM segments") == 40);
      }
    }
  }
}

TEST_CASE("a beginning that an administrator cancels ends the title, as any part does") {
  Beginning studio(db::Dialect::Sqlite);
  studio.database->transact([&](db::Session& session) {
    const auto job = *claimJob(session, {std::string(FirstKind)}, "there");
    CHECK(cancelJob(session, job.id));
    CHECK(endCancelledJob(session, {job.id, job.lease_token}));
    studio.first->giveUp(session, job, "encode", Error(ErrorCode::Cancelled, "stopped"));
  });
  CHECK(studio.video(studio.id).state == catalog::VideoState::Failed);
}

TEST_CASE("a segment that another job was faster with is no progress of this one") {
  Beginning studio(db::Dialect::Sqlite);
  studio.run("UPDATE jobs SET attempt = 3 WHERE kind = 'encode-first'");
  JobContext context(studio.claim(), *studio.database, studio.system_clock);
  const EncodingWork work = openWork(*studio.shop, context);
  const auto renditions = studio.database->read([&](db::Session& session) {
    return EncodingWork::only({"180p"}, loadRenditions(session, work.encoding.id));
  });
  REQUIRE(renditions.size() == 1);
  const TaskFolder folder(studio.work_dir, context.job().id, context.lease().token);
  SegmentPublisher publisher({work, renditions, 0, 1}, context, folder, studio.storage,
                             *studio.database);
  CHECK(studio.runner->runOne());  // the first range
  const std::string segment = tsSegment({});
  std::ofstream(folder.path() + "/segment.ts", std::ios::binary) << segment;
  publisher.take({"180p", "hls-ts", "segment.ts", 0, 0, 4'000'000, segment.size(), 100});
  CHECK(context.job().attempt == 4);
  CHECK(studio.count("SELECT attempt FROM jobs WHERE kind = 'encode-first'") == 4);
  CHECK(studio.count("SELECT made FROM jobs WHERE kind = 'encode-first'") == 0);
}
