// Whether an encoding is whole: one good example, and every way to spoil it.
#include "processing/verification.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"
#include "fakes/fake_storage.h"
#include "fakes/ts_segment.h"

#include <filesystem>

using namespace reeld;
using namespace reeld::processing;

namespace {

struct Example {
  Plan plan;
  std::vector<Rendition> renditions;
  Report report;

  Example() {
    plan.fps = {25, 1};
    plan.segment_frames = 100;
    plan.target_duration = 4;
    plan.rungs = {{"480p", 854, 480, 0, 0, "main"}, {"720p", 1280, 720, 0, 0, "high"}};
    for (const Rung& rung : plan.rungs) {
      Rendition one;
      one.name = rung.name;
      one.width = rung.width;
      one.height = rung.height;
      one.codecs = "avc1.4d401e";
      one.bandwidth = 1;
      one.segments = {{0, 0, 4'000'000, 500'000, 100, one.name + "/0", ""},
                      {1, 4'000'000, 4'000'000, 1'000'000, 100, one.name + "/1", ""},
                      {2, 8'000'000, 1'280'000, 400'000, 32, one.name + "/2", ""}};
      renditions.push_back(one);
      report.renditions.push_back(
          {rung.name, rung.width, rung.height, "avc1.4d401e,mp4a.40.2", {25, 1}, 232, 3});
    }
    report.frames = 232;
    report.duration_us = 9'280'000;
  }
  std::vector<std::string> problems() const {
    auto found = checkRows(plan, renditions);
    for (const std::string& problem : checkReport(renditions, report)) {
      found.push_back(problem);
    }
    return found;
  }
  bool isWhole() const { return problems().empty(); }
};

}  // namespace

TEST_CASE("an encoding that is whole has no problems") { CHECK(Example().isWhole()); }

TEST_CASE("a task whose range the title never reached has nothing to prove") {
  Example example;
  for (Rendition& rendition : example.renditions) {
    rendition.segments.clear();
  }
  CHECK_FALSE(checkReport(example.renditions, example.report).empty());
  example.report = {};
  CHECK(checkReport(example.renditions, example.report).empty());
}

TEST_CASE("a missing rendition or segment is named") {
  Example example;
  example.renditions.pop_back();
  CHECK(example.problems() == std::vector<std::string>{"rendition 720p is missing"});
  example = {};
  example.renditions[1].segments.erase(example.renditions[1].segments.begin() + 1);
  CHECK(example.problems().front() == "rendition 720p: segment 1 is missing");
  example = {};
  for (Rendition& rendition : example.renditions) {
    rendition.segments.pop_back();
  }
  CHECK(example.problems().front() == "rendition 480p: the encoder made 3 segments, 2 arrived");
}

TEST_CASE("segments that do not fit the grid are found") {
  const auto spoiled = [](auto spoil) {
    Example example;
    spoil(example);
    return !example.isWhole();
  };
  CHECK(spoiled([](Example& e) { e.renditions[0].segments[1].start_us += 40'000; }));
  CHECK(spoiled([](Example& e) { e.renditions[0].segments[1].frames = 99; }));
  CHECK(spoiled([](Example& e) { e.renditions[0].segments[2].frames = 101; }));
  CHECK(spoiled([](Example& e) { e.renditions[0].segments[2].frames = 31; }));
  CHECK(spoiled([](Example& e) { e.renditions[0].segments[0].bytes = 0; }));
  CHECK(spoiled([](Example& e) { e.renditions[0].width = 850; }));
  CHECK(spoiled([](Example& e) { e.renditions[1].segments[0].duration_us = 6'000'000; }));
  CHECK(spoiled([](Example& e) { e.report.frames = 233; }));
  CHECK(spoiled([](Example& e) { e.report.duration_us += 100'000; }));
  CHECK(spoiled([](Example& e) { e.report.renditions.pop_back(); }));
}

TEST_CASE("stored encodings must have been measured") {
  Example example;
  example.renditions[0].codecs.clear();
  CHECK(checkRows(example.plan, example.renditions) ==
        std::vector<std::string>{"rendition 480p: was not measured"});
}

TEST_CASE("objects in storage have the sizes of their rows") {
  Example example;
  test::FakeStorage storage;
  for (const Rendition& rendition : example.renditions) {
    for (const Segment& segment : rendition.segments) {
      storage.objects[segment.storage_key] =
          std::string(static_cast<std::size_t>(segment.bytes), 'x');
    }
  }
  CHECK(checkObjects(storage, example.renditions).empty());
  storage.objects["480p/1"].pop_back();
  storage.objects.erase("720p/2");
  CHECK(
      checkObjects(storage, example.renditions) ==
      std::vector<std::string>{"rendition 480p: segment 1 has 999999 bytes in storage, not 1000000",
                               "rendition 720p: segment 2 is not in storage"});
}

TEST_CASE("a flipped byte of a stored segment is found, whether or not it shows in the stream") {
  Example example;
  test::FakeStorage storage;
  for (Rendition& rendition : example.renditions) {
    for (Segment& segment : rendition.segments) {
      test::TsShape shape;
      shape.start_us = segment.start_us;
      shape.duration_us = segment.duration_us;
      shape.frames = segment.frames;
      const std::string bytes = test::tsSegment(shape);
      segment.bytes = static_cast<std::int64_t>(bytes.size());
      segment.sha256 = toHex(sha256(bytes));
      storage.objects[segment.storage_key] = bytes;
    }
  }
  CHECK(checkBytes(storage, example.renditions).empty());
  storage.objects["480p/1"].back() ^= 0x20;
  storage.objects["720p/0"][188] ^= 0x01;
  storage.objects["720p/2"].pop_back();
  CHECK(checkBytes(storage, example.renditions) ==
        std::vector<std::string>{
            "rendition 480p: segment 1 in storage is not what was published: its checksum differs",
            "rendition 720p: segment 0 in storage is not what was published: it is out of step "
            "with its transport packets at byte 188",
            "rendition 720p: segment 2 has 6391 bytes in storage, not 6392"});
  CHECK(checkObjects(storage, example.renditions).size() == 1);
}

TEST_CASE("bandwidths are those of the stored bytes, without the peak of a short last segment") {
  Example example;
  measure(example.plan, example.renditions);
  CHECK(example.renditions[0].bandwidth == 2'000'000);
  CHECK(example.renditions[0].average_bandwidth == 1'637'931);
  CHECK(example.renditions[0].frame_rate_milli == 25'000);
  CHECK(durationMs(example.renditions) == 9'280);
}

TEST_CASE("a short segment in the middle of a title counts for its peak") {
  Example example;
  Segment& middle = example.renditions[0].segments[1];
  middle.duration_us = 1'000'000;
  measure(example.plan, example.renditions);
  CHECK(example.renditions[0].bandwidth == middle.bytes * 8);
}

TEST_CASE("a report that cannot be read is a failure of the encoder") {
  for (
      const char* bad :
      {"", "{}", "[]",
       R"({"frames":-1,"duration_us":0,"decode_errors":0,"damaged":false,"renditions":[]})",
       R"({"frames":1,"duration_us":0,"decode_errors":0,"damaged":false,"renditions":[{"name":"480p","codecs":"x\"\n#EXT","fps":[25,1],"frames":1,"segments":1}]})"}) {
    CHECK_THROWS_AS(Report::parse(bad), Error);
  }
}
