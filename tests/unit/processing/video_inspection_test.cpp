// What administrators are told of a video: is it whole, and how did it come so far.
#include "processing/video_inspection.h"

#include "fakes/ts_segment.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

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
