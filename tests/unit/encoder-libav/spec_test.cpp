// Reading a task: what is taken, what is refused and where it points.
#include "spec.h"

#include "catch.h"
#include "clip.h"

#include <reeld/plugin.hpp>

#include <string>

using namespace reeld::libav;
using reeld::test::replaced;

namespace {

const std::string Good =
    R"({"fps":[30000,1001],"segment_frames":120,"first_segment":3,"segment_count":2,)"
    R"("rungs":[{"name":"480p","width":854,"height":480,"crf":20.5,"maxrate":1600000,"bufsize":3200000,)"
    R"("profile":"main"}],"preset":"veryfast","threads":2,)"
    R"("audio":{"stream":1,"bitrate":128000,"sample_rate":48000,"channels":2},"formats":["hls-ts"],)"
    R"("poster":true,"limits":{"max_pixels":36000000,"max_duration_ms":1000,"max_gap_ms":30000,"max_streams":32}})";

// The pointer of the refusal, or "accepted".
std::string refusedAt(const std::string& json) {
  try {
    parseSpec(json);
  } catch (const reeld::sdk::Failure& failure) {
    CHECK(failure.status() != REELD_INTERNAL);
    CHECK(std::string(failure.what()).starts_with("task "));
    return failure.pointer();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a task that decodes needs nothing else") {
  const Spec spec = parseSpec(R"({"decode":true,"threads":3,"limits":{"max_pixels":1000}})");
  CHECK(spec.decodes);
  CHECK(spec.threads == 3);
  CHECK(spec.limits.max_pixels == 1000);
  CHECK_FALSE(parseSpec(Good).decodes);
}

TEST_CASE("a task is read") {
  const Spec spec = parseSpec(Good);
  CHECK(spec.fps.num == 30000);
  CHECK(spec.firstFrame() == 360);
  CHECK(spec.endFrame() == 600);
  CHECK(spec.timeUs(120) == 4'004'000);
  REQUIRE(spec.rungs.size() == 1);
  CHECK(spec.rungs[0].crf == 20.5);
  CHECK(spec.audio->stream == 1);
  CHECK(spec.poster);
  CHECK(spec.limits.max_duration_ms == 1000);
  CHECK_FALSE(spec.audioOnly());
}

TEST_CASE("a task without an end runs to the end") {
  CHECK_FALSE(
      parseSpec(replaced(Good, "\"segment_count\":2", "\"segment_count\":null")).endFrame());
}

TEST_CASE("sound alone is one rung without a size") {
  const std::string json = R"({"fps":[25,1],"rungs":[{"name":"audio"}],"audio":{"stream":0}})";
  CHECK(parseSpec(json).audioOnly());
  CHECK(refusedAt(R"({"fps":[25,1],"rungs":[{"name":"audio"}],"audio":null})") == "/audio");
}

TEST_CASE("what cannot be done is refused where it stands") {
  CHECK(refusedAt("not json").empty());
  CHECK(refusedAt("[]").empty());
  CHECK(refusedAt("{}") == "/fps");
  CHECK(refusedAt(replaced(Good, "[30000,1001]", "[0,1]")) == "/fps");
  CHECK(refusedAt(replaced(Good, "[30000,1001]", "[1000,1]")) == "/fps");
  CHECK(refusedAt(replaced(Good, "\"segment_frames\":120", "\"segment_frames\":0")) ==
        "/segment_frames");
  CHECK(refusedAt(replaced(Good, "\"480p\"", "\"../etc\"")) == "/rungs/0/name");
  CHECK(refusedAt(replaced(Good, "\"width\":854", "\"width\":853")) == "/rungs/0");
  CHECK(refusedAt(replaced(Good, "20.5", "99")) == "/rungs/0/crf");
  CHECK(refusedAt(replaced(Good, "\"main\"", "\"high444\"")) == "/rungs/0/profile");
  CHECK(refusedAt(replaced(Good, "\"channels\":2", "\"channels\":6")) == "/audio/channels");
  CHECK(refusedAt(replaced(Good, "[\"hls-ts\"]", "[\"cmaf\"]")) == "/formats");
  CHECK(refusedAt(replaced(Good, "\"max_streams\":32", "\"max_streams\":\"many\"")) ==
        "/limits/max_streams");
}

TEST_CASE("a task about a picture needs no ladder") {
  const Spec spec = parseSpec(R"({"still":{"most_side":640},"limits":{"max_pixels":1000}})");
  REQUIRE(spec.still);
  CHECK(spec.still->most_side == 640);
  CHECK(spec.limits.max_pixels == 1000);
  CHECK(parseSpec(R"({"still":{}})").still->most_side == 1280);
  CHECK(refusedAt(R"({"still":{"most_side":1}})") == "/still/most_side");
  CHECK(refusedAt(R"({"still":7})") == "/still");
}

TEST_CASE("segments of unequal length lie where the task says") {
  const std::string json =
      R"({"fps":[25,1],"segment_frames":144,"starts":[0,144,240],"first_segment":1,"frames":300,)"
      R"("rungs":[{"name":"720p","width":1280,"height":720,"copy":true}]})";
  const Spec spec = parseSpec(json);
  CHECK(spec.copies());
  CHECK(spec.firstFrame() == 144);
  CHECK(spec.endFrame() == 300);
  CHECK(spec.endsTitle());
  CHECK(spec.framesOf(1) == 96);
  CHECK(spec.framesOf(2) == 60);
  CHECK(spec.startsSegment(240));
  CHECK_FALSE(spec.startsSegment(288));
  const Spec range =
      parseSpec(replaced(json, R"("first_segment":1)", R"("first_segment":0,"segment_count":2)"));
  CHECK(range.endFrame() == 240);
  CHECK_FALSE(range.endsTitle());
  CHECK(refusedAt(replaced(json, "[0,144,240]", "[0,240,144]")) == "/starts");
  CHECK(refusedAt(replaced(json, "[0,144,240]", "[0,144,300]")) == "/starts");
}

TEST_CASE("a rung is copied alone, and where it is copied the sound of others comes from outside") {
  const std::string copied = R"({"name":"720p","width":1280,"height":720,"copy":true})";
  const std::string made = R"({"name":"480p","width":854,"height":480})";
  const auto task = [](const std::string& rungs, const std::string& more) {
    return R"({"fps":[25,1],"frames":300,"rungs":[)" + rungs + "]" + more + "}";
  };
  const std::string starts = R"(,"starts":[0,144])";
  CHECK(refusedAt(task(copied, "")) == "/rungs");
  CHECK(refusedAt(task(made + "," + copied, starts)) == "/rungs");
  CHECK(refusedAt(task(copied, starts + R"(,"audio":{"stream":1},"sound_parts":[0,1])")) ==
        "accepted");
  CHECK(refusedAt(task(made, starts + R"(,"audio":{"stream":1},"sound_parts":[0,1])")) ==
        "/audio/ready_from");
  CHECK(refusedAt(task(made, R"(,"audio":{"stream":1},"sound_parts":[0,1])")) == "/rungs");
  CHECK(refusedAt(task(made, starts + R"(,"audio":{"stream":1,"ready_from":0})")) == "accepted");
}
