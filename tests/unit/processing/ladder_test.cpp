// From facts to rungs and grid: every size rule of the encoding page, on facts written as the probe
// does.
#include "processing/ladder.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::processing;

namespace {
const bool started = (initCrypto(), true);

SourceFacts picture(int width, int height, Ratio fps = {25, 1}) {
  SourceFacts facts;
  facts.format = "mov";
  facts.duration_ms = 17'280;
  facts.video = VideoFacts{width, height, fps, 432, false, {}, {}};
  facts.audio = {{1, true}};
  return facts;
}

std::vector<std::string> sizes(const Plan& plan) {
  std::vector<std::string> out;
  for (const Rung& rung : plan.rungs) {
    out.push_back(rung.name + " " + std::to_string(rung.width) + "x" + std::to_string(rung.height));
  }
  return out;
}
using Sizes = std::vector<std::string>;
}  // namespace

TEST_CASE("a rung is the short side of the displayed picture and never scales up") {
  const LadderSettings settings;
  CHECK(sizes(planFor(picture(1920, 1080), settings)) ==
        Sizes{"480p 854x480", "720p 1280x720", "1080p 1920x1080"});
  CHECK(sizes(planFor(picture(1280, 720), settings)) == Sizes{"480p 854x480", "720p 1280x720"});
  CHECK(sizes(planFor(picture(1138, 640), settings)) == Sizes{"480p 854x480"});
  CHECK(sizes(planFor(picture(720, 480), settings)) == Sizes{"480p 720x480"});
}

TEST_CASE("a portrait picture keeps its short side as the width") {
  CHECK(sizes(planFor(picture(1080, 1920), LadderSettings{})) ==
        Sizes{"480p 480x854", "720p 720x1280", "1080p 1080x1920"});
  CHECK(sizes(planFor(picture(1080, 1080), LadderSettings{})) ==
        Sizes{"480p 480x480", "720p 720x720", "1080p 1080x1080"});
}

TEST_CASE("a source below every rung gets one rung at its own size, rounded down to even") {
  CHECK(sizes(planFor(picture(798, 332), LadderSettings{})) == Sizes{"332p 798x332"});
  CHECK(sizes(planFor(picture(641, 361), LadderSettings{})) == Sizes{"360p 640x360"});
  CHECK(sizes(planFor(picture(1, 1), LadderSettings{})) == Sizes{"2p 2x2"});
}

TEST_CASE("rungs are given once, smallest first, whatever the order of the setting") {
  LadderSettings settings;
  settings.rungs = {1080, 360, 720, 360, 0, -5};
  CHECK(sizes(planFor(picture(1920, 1080), settings)) ==
        Sizes{"360p 640x360", "720p 1280x720", "1080p 1920x1080"});
}

TEST_CASE("rates follow the table and rise by half above 45 frames per second") {
  const Plan slow = planFor(picture(1920, 1080), LadderSettings{});
  CHECK(slow.rungs[0].maxrate == 1'600'000);
  CHECK(slow.rungs[0].profile == "main");
  CHECK(slow.rungs[2].maxrate == 6'000'000);
  CHECK(slow.rungs[2].bufsize == 12'000'000);
  CHECK(slow.rungs[2].profile == "high");
  CHECK(planFor(picture(1920, 1080, {60, 1}), LadderSettings{}).rungs[1].maxrate == 4'950'000);
  LadderSettings tall;
  tall.rungs = {4320};
  CHECK(planFor(picture(7680, 4320), tall).rungs[0].maxrate == 18'000'000);
}

TEST_CASE("the grid is counted in frames") {
  CHECK(planFor(picture(640, 480), LadderSettings{}).segment_frames == 100);
  const Plan ntsc = planFor(picture(640, 480, {30'000, 1001}), LadderSettings{});
  CHECK(ntsc.segment_frames == 120);
  CHECK(ntsc.target_duration == 5);  // 4.004 s
  LadderSettings six;
  six.segment_seconds = 6;
  CHECK(planFor(picture(640, 480, {24'000, 1001}), six).segment_frames == 144);
  CHECK(planFor(picture(640, 480, {1, 10}), LadderSettings{}).segment_frames == 1);
}

TEST_CASE("a title without a picture is one audio rung on a grid of its own") {
  SourceFacts facts;
  facts.audio = {{0, false}, {2, true}};
  const Plan plan = planFor(facts, LadderSettings{});
  CHECK(plan.audio_only);
  CHECK(sizes(plan) == Sizes{"audio 0x0"});
  CHECK(plan.segment_frames == 100);
  CHECK(plan.audio_stream == 2);
  CHECK(plan.spec(LadderSettings{}).find("rungs")->dump() == R"([{"name":"audio"}])");
}

TEST_CASE("a source beyond the limits is refused with a sentence for its owner") {
  LadderSettings settings;
  settings.max_pixels = 1'000'000;
  CHECK_THROWS_WITH(planFor(picture(1920, 1080), settings),
                    "the picture is 1920x1080, more than this site takes");
  settings = {};
  settings.max_duration_ms = 3'600'000;
  SourceFacts facts = picture(640, 480);
  facts.duration_ms = 36'000'000;
  CHECK_THROWS_WITH(planFor(facts, settings),
                    "the file runs for 10 hours; this site takes at most 1");
}

TEST_CASE("the spec says what the encoder plugin is promised") {
  LadderSettings settings;
  settings.rungs = {480};
  CHECK(planFor(picture(854, 480), settings).spec(settings).dump() ==
        R"({"fps":[25,1],"segment_frames":100,"first_segment":0,"segment_count":null,"frames":432,)"
        R"("rungs":[{"name":"480p","width":854,"height":480,"crf":20.0,"maxrate":1600000,)"
        R"("bufsize":3200000,"profile":"main"}],"preset":"veryfast","threads":4,)"
        R"("audio":{"stream":1,"bitrate":128000,"sample_rate":48000,"channels":2},)"
        R"("formats":["hls-ts"],"poster":true,"limits":{"max_pixels":36000000,)"
        R"("max_duration_ms":86400000,"max_gap_ms":30000,"max_streams":32}})");
}

TEST_CASE("a plan survives being stored") {
  const Plan plan = planFor(picture(1920, 1080, {30'000, 1001}), LadderSettings{});
  const Plan again = Plan::fromJson(Json::parse(plan.toJson().dump()));
  CHECK(again.toJson().dump() == plan.toJson().dump());
  CHECK(again.spec({}).dump() == plan.spec({}).dump());
}

TEST_CASE("the settings hash changes with the made bytes and with nothing else") {
  const Plan plan = planFor(picture(1920, 1080), LadderSettings{});
  const std::string hash = settingsHash(plan, {});
  CHECK(hash.size() == 32);
  LadderSettings more_threads;
  more_threads.threads = 16;
  CHECK(settingsHash(plan, more_threads) == hash);
  LadderSettings finer;
  finer.crf = 19;
  CHECK(settingsHash(plan, finer) != hash);
  CHECK(settingsHash(planFor(picture(1280, 720), {}), {}) != hash);
}

TEST_CASE("facts of a probe are checked before anything believes them") {
  const auto facts = [](std::string_view video, std::string_view audio = "[]") {
    return SourceFacts::fromJson(Json::parse(R"({"format":"mov","duration_ms":1000,"video":)" +
                                             std::string(video) + R"(,"audio":)" +
                                             std::string(audio) + "}"));
  };
  const SourceFacts good =
      facts(R"({"display_width":640,"display_height":360,"fps":[25,1],"frames":25})",
            R"([{"stream":1,"default":true}])");
  CHECK(good.video->width == 640);
  CHECK(good.audio[0].is_default);
  CHECK_THROWS_WITH(facts("null"), "the file holds neither a picture nor sound");
  CHECK_THROWS_AS(facts(R"({"display_width":0,"display_height":360,"fps":[25,1],"frames":25})"),
                  Error);
  CHECK_THROWS_AS(facts(R"({"display_width":640,"display_height":360,"fps":[25,0],"frames":25})"),
                  Error);
  CHECK_THROWS_AS(facts(R"({"display_width":640,"display_height":360,"fps":[99999,1],"frames":1})"),
                  Error);
  CHECK_THROWS_AS(facts(R"({"display_width":640,"display_height":360,"fps":[25,1],"frames":-1})"),
                  Error);
  CHECK_THROWS_AS(facts(R"({"display_width":640})"), Error);
  CHECK_FALSE(good.video->seekable);
  const auto keys = [&](const std::string& list) {
    return facts(R"({"display_width":640,"display_height":360,"fps":[25,1],"frames":75,)"
                 R"("seekable":true,"key_frames":)" +
                 list + "}");
  };
  CHECK(keys("[0,25,50]").video->seekable);
  CHECK(keys("[0,25,50]").video->key_frames == std::vector<std::int64_t>{0, 25, 50});
  CHECK_THROWS_AS(keys("[0,50,25]"), Error);
  CHECK_THROWS_AS(keys("[-1]"), Error);
  CHECK(keys(R"([0,25],"copyable":[70000,60000])").video->copyable ==
        std::vector<std::int64_t>{70'000, 60'000});
  CHECK(keys(R"([0,25],"copyable":[])").video->copyable.empty());
  CHECK_THROWS_AS(keys(R"([0,25],"copyable":[70000])"), Error);
  CHECK_THROWS_AS(keys(R"([0,25],"copyable":[70000,0])"), Error);
}
