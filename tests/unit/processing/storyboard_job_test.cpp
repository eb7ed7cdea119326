// Storyboards are made of what plays, and whatever becomes of them, the title stays as it is.
#include "processing/encoding_repository.h"
#include "processing/storage_scan.h"
#include "processing/storyboard_repository.h"
#include "processing/sweep.h"
#include "processing/video_inspection.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

struct Cutter : Studio {
  explicit Cutter(db::Dialect dialect) : Studio(dialect) { makes_storyboards = true; }

  std::optional<Storyboard> board() {
    return database->read(
        [](db::Session& session) { return storyboardOf(session, newestEncoding(session, 1)->id); });
  }
  std::string why() { return VideoInspection(*database, storage).why(1).dump(); }
  ScanReport scan() {
    return StorageScan(*database, storage, system_clock).run(false, [](const ScanReport&) {});
  }
  std::int64_t sheets() {
    const auto keys = encodedKeys();
    return std::count_if(keys.begin(), keys.end(),
                         [](const std::string& key) { return key.ends_with(".jpg"); });
  }
  /// READY, and its storyboard still to be made.
  void untilReady() {
    make();
    while (video(1).state != catalog::VideoState::Ready) {
      run("UPDATE jobs SET run_at = 0 WHERE state = 'available'");
      REQUIRE(runner->runOne());
    }
  }
};

}  // namespace

TEST_CASE("a title that is READY gets a storyboard of its smallest rung") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutter studio(dialect);
      const auto id = studio.upload();
      studio.untilReady();
      CHECK_FALSE(studio.board());
      studio.runOne();
      const auto board = studio.board();
      REQUIRE(board);
      CHECK(board->pictures == 3);
      CHECK(board->step == 1);
      CHECK(board->tile_width == 160);
      CHECK(board->tile_height == 90);
      CHECK(board->note.empty());
      REQUIRE(board->sheets.size() == 1);
      CHECK(board->sheets[0].storage_key.ends_with("/storyboard/sheet_000.jpg"));
      CHECK(studio.storage.get(board->sheets[0].storage_key).size() ==
            static_cast<std::size_t>(board->sheets[0].bytes));
      CHECK(studio.why().find("storyboard: 3 pictures on 1 sheets") != std::string::npos);
      CHECK(studio.scan().orphans + studio.scan().missing == 0);
      // The job that its state depends on is what an administrator asks for.
      CHECK(studio.newestJob(id).kind == "encode-finish");
      studio.storage.remove(board->sheets[0].storage_key);
      CHECK(studio.scan().missing_keys == std::vector{board->sheets[0].storage_key});
      CHECK(VideoInspection(*studio.database, studio.storage)
                .verify(id)
                .dump()
                .find("sheet 0 of the storyboard is missing") != std::string::npos);
    }
  }
}

TEST_CASE("what becomes of a storyboard is no matter of the title's") {
  struct Fault {
    int width;
    const char* why;
    std::int64_t sheets;
  };
  for (const Fault& fault :
       {Fault{62,
              "there is no storyboard: it could not be made: the encoder made a picture that "
              "is none",
              0},
        Fault{64, "there is no storyboard: it could not be made: ", 0},
        Fault{66, "storyboard: 3 pictures on 1 sheets; 1 of them cannot be decoded", 1},
        Fault{68, "could not be made: there is no picture in it that can be decoded", 0}}) {
    DYNAMIC_SECTION(fault.width) {
      Cutter studio(db::Dialect::Sqlite);
      const auto id = studio.upload();
      studio.untilReady();
      studio.run("UPDATE renditions SET width = " + std::to_string(fault.width) + ", height = 36");
      for (int tries = 0; tries < 4 && !studio.board(); ++tries) {
        studio.runOne();
      }
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(studio.video(id).playable());
      CHECK_FALSE(studio.video(id).failure);
      CHECK(studio.why().find(fault.why) != std::string::npos);
      CHECK(studio.sheets() == fault.sheets);
      CHECK(studio.scan().orphans + studio.scan().missing == 0);
    }
  }
}

TEST_CASE("a storyboard that was given up is made when an administrator asks for it again") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutter studio(dialect);
      studio.upload();
      studio.untilReady();
      studio.run("UPDATE renditions SET width = 68, height = 36");
      studio.runOne();
      REQUIRE(studio.board());
      CHECK(studio.board()->pictures == 0);
      studio.run("UPDATE renditions SET width = 640, height = 360");
      studio.database->transact([&](db::Session& session) {
        const auto discarded = listJobs(session, JobState::Discarded, 0, 10);
        REQUIRE(discarded.size() == 1);
        studio.queue.retry(session, discarded.front().id);
      });
      CHECK(studio.video(1).state == catalog::VideoState::Ready);
      CHECK_FALSE(studio.video(1).reprocessing);
      studio.runOne();
      CHECK(studio.board()->pictures == 3);
      CHECK(studio.board()->note.empty());
      CHECK(studio.scan().orphans + studio.scan().missing == 0);
    }
  }
}

TEST_CASE("what a try stored that came to nothing is cleared away by the next one") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutter studio(dialect);
      studio.upload();
      studio.untilReady();
      studio.storage.put("videos/1/encodings/1/deadlease/storyboard/sheet_000.jpg", "x");
      studio.run("UPDATE jobs SET losses = 1 WHERE kind = 'encode-storyboard'");
      studio.runOne();
      REQUIRE(studio.board());
      CHECK(studio.sheets() == 1);
      CHECK(studio.storage.get(studio.board()->sheets[0].storage_key).size() > 1);
    }
  }
}

TEST_CASE("a title that is made anew has a storyboard of its new encoding") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cutter studio(dialect);
      const auto id = studio.upload();
      studio.runOne();
      const auto before = studio.board();
      REQUIRE(before);
      studio.database->transact([&](db::Session& session) { studio.queue.reprocess(session, id); });
      studio.runOne();
      const auto after = studio.board();
      REQUIRE(after);
      CHECK(before->sheets[0].storage_key != after->sheets[0].storage_key);
      CHECK(studio.sheets() == 2);  // who watches the old one has its own
    }
  }
}

TEST_CASE("an encoding that was replaced meanwhile gets no storyboard any more") {
  Cutter studio(db::Dialect::Sqlite);
  studio.upload();
  studio.untilReady();
  studio.run("UPDATE encodings SET state = 'retired'");
  studio.runOne();
  CHECK_FALSE(studio.board());
  CHECK(studio.count("SELECT COUNT(*) FROM jobs WHERE kind = 'encode-storyboard' AND state = "
                     "'cancelled'") == 1);
}

TEST_CASE("what sweeps a finished encoding leaves the sheets that are being made of it") {
  Cutter studio(db::Dialect::Sqlite);
  const std::string sheet = "videos/1/encodings/1/lease/storyboard/sheet_000.jpg";
  studio.storage.put(sheet, "x");
  studio.storage.put("videos/1/encodings/1/lease/360p/segment_000.ts", "x");
  CHECK(sweepParts(studio.storage, 1, 1, {}) == 1);
  CHECK(studio.storage.get(sheet) == "x");
  CHECK(sweepUnnamed(studio.storage, 1, 1, {}) == 1);
}
