// A title with several tracks of sound: the others are made last, and one that cannot be made is
// left out.
#include "processing/encoding_repository.h"
#include "processing/video_inspection.h"
#include "studio.h"

#include <algorithm>

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

/// Three segments with three tracks of sound, in two rungs.
struct Voices : Studio {
  explicit Voices(db::Dialect dialect, const std::string& conduct = "good")
      : Studio(dialect, conduct) {
    ladder.rungs = {180, 360};
  }

  std::int64_t jobs(const std::string& state) {
    return count("SELECT COUNT(*) FROM jobs WHERE kind = 'encode-alternate' AND state = '" + state +
                 "'");
  }
  std::int64_t segmentsOf(const std::string& rendition) {
    return count(
        "SELECT COUNT(*) FROM segments s JOIN renditions r ON r.id = s.rendition_id "
        "WHERE r.name = '" +
        rendition + "'");
  }
  std::vector<std::string> steps(catalog::VideoId id) {
    std::vector<std::string> said;
    const Json why = VideoInspection(*database, storage).why(id);
    for (const Json& step : why.find("steps")->array()) {
      said.push_back(step.text());
    }
    return said;
  }
  bool isSaid(catalog::VideoId id, const std::string& sentence) {
    const auto said = steps(id);
    return std::find(said.begin(), said.end(), sentence) != said.end();
  }
};

}  // namespace

TEST_CASE("other tracks are made when all else is, and then the title is READY") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Voices studio(dialect);
      const auto id = studio.upload("voices");
      studio.make();
      CHECK(studio.runner->runOne());  // plan
      CHECK(studio.jobs("available") == 0);
      CHECK(studio.runner->runOne());  // the first segment
      CHECK(studio.runner->runOne());  // all of them
      CHECK(studio.video(id).playable());
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      CHECK(studio.jobs("available") == 2);
      // What plays is no measure of them, nor they of it.
      CHECK(studio.count("SELECT MAX(planned) FROM encodings") == 6);
      studio.runOne();
      REQUIRE(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(studio.video(id).duration_ms == 12'000);
      CHECK(studio.jobs("completed") == 2);
      CHECK(studio.segmentsOf("audio-2") == 3);
      CHECK(studio.segmentsOf("audio-3") == 3);
      CHECK(studio.count("SELECT MIN(bandwidth) FROM renditions") > 0);
      CHECK(studio.encodedKeys().size() == 12);
      CHECK(studio.isSaid(id, "the sound in its pictures is stream 1, English [en]"));
      CHECK(studio.isSaid(id, "beside it audio-2: stream 2, Deutsch [de], 3 segments"));
      const Json whole = VideoInspection(*studio.database, studio.storage).verify(id);
      CHECK(whole.find("ok")->boolean());
      CHECK(whole.find("segments")->integer() == 12);
    }
  }
}

TEST_CASE("a track that the encoder refuses is left out, and nothing of it is kept") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Voices studio(dialect, "refuse-alternate");
      const auto id = studio.upload("voices");
      studio.runOne();
      REQUIRE(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(studio.jobs("discarded") == 2);
      CHECK(studio.segmentsOf("audio-2") == 0);
      CHECK(studio.encodedKeys().size() == 6);
      CHECK(studio.isSaid(id,
                          "beside it audio-2: stream 2, Deutsch [de], is left out: nothing "
                          "of it decodes"));
      CHECK(VideoInspection(*studio.database, studio.storage).verify(id).find("ok")->boolean());
    }
  }
}

TEST_CASE("a track whose encoder crashes again and again is left out as well") {
  Voices studio(db::Dialect::Sqlite, "crash-alternate");
  const auto id = studio.upload("voices");
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Processing);
  CHECK(studio.segmentsOf("audio-2") == 1);
  studio.runOne();
  REQUIRE(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(studio.jobs("discarded") == 2);
  CHECK(studio.count("SELECT COUNT(*) FROM segments") == 6);
  CHECK(studio.encodedKeys().size() == 6);
}

TEST_CASE("a track that is cut elsewhere than the title is left out") {
  Voices studio(db::Dialect::Sqlite, "short-alternate");
  const auto id = studio.upload("voices");
  studio.runOne();
  studio.runOne();
  REQUIRE(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(studio.jobs("discarded") == 2);
  CHECK(studio.segmentsOf("audio-2") == 0);
}

TEST_CASE("a track that is made again is not published again") {
  Voices studio(db::Dialect::Sqlite);
  const auto id = studio.upload("voices");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.runner->runOne());  // the first segment
  CHECK(studio.runner->runOne());  // all of them
  CHECK(studio.runner->runOne());  // a track
  const auto before = studio.encodedKeys();
  CHECK(before.size() == 9);
  // As if its daemon had died before it could say that it was done.
  studio.run("UPDATE jobs SET state = 'available' WHERE kind = 'encode-alternate'");
  CHECK(studio.runner->runOne());
  CHECK(studio.encodedKeys() == before);
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(studio.encodedKeys().size() == 12);
}

TEST_CASE("tracks of a title that is made anew meanwhile stop, and leave nothing") {
  Voices studio(db::Dialect::Sqlite);
  const auto id = studio.upload("voices");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.runner->runOne());  // the first segment
  CHECK(studio.runner->runOne());  // all of them
  studio.run("UPDATE jobs SET state = 'available', run_at = 0 WHERE kind = 'encode'");
  CHECK(studio.runner->runOne());
  CHECK(studio.jobs("cancelled") == 2);
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(studio.encodedKeys().size() == 12);
}
