// When the top rung is the source's own pictures, and where the title is cut then.
#include "processing/copying.h"

#include "base/crypto.h"
#include "catch.h"
#include "processing/range.h"

using namespace reeld;
using namespace reeld::processing;

namespace {

using Frames = std::vector<std::int64_t>;

/// 720p25 whose pictures have three megabits per second, but for the source to say otherwise.
VideoFacts source(const Frames& key_frames, std::int64_t frames, std::int64_t rate = 3'000'000) {
  VideoFacts video{1280, 720, {25, 1}, frames, true, key_frames, {}};
  for (std::size_t i = 0; i < key_frames.size(); ++i) {
    const std::int64_t end = i + 1 < key_frames.size() ? key_frames[i + 1] : frames;
    video.copyable.push_back((end - key_frames[i]) * rate / 8 / 25);
  }
  return video;
}

Frames every(std::int64_t step, std::int64_t frames) {
  Frames keys;
  for (std::int64_t at = 0; at < frames; at += step) {
    keys.push_back(at);
  }
  return keys;
}

std::optional<TopCopy> copyOf(const VideoFacts& video) {
  SourceFacts facts;
  facts.duration_ms = video.frames * 40;
  facts.video = video;
  LadderSettings settings;
  settings.copy = false;
  return copyOfTop(video, planFor(facts, settings).rungs.back(), 100);
}

Frames cuts(const Frames& key_frames, std::int64_t frames) {
  const auto copy = copyOf(source(key_frames, frames));
  return copy ? copy->starts : Frames{};
}

}  // namespace

TEST_CASE("a copied title is cut at the key frames that make segments long enough") {
  CHECK(cuts(every(48, 432), 432) == Frames{0, 144, 288});
  CHECK(cuts(every(100, 300), 300) == Frames{0, 100, 200});
  CHECK(cuts(every(25, 310), 310) == Frames{0, 100, 200, 300});
  CHECK(cuts({0}, 150) == Frames{0});
  CHECK(copyOf(source(every(48, 432), 432))->longest == 144);
}

TEST_CASE("where the next key frame would be too far a segment ends at the one before") {
  CHECK(cuts({0, 75, 170, 280}, 300) == Frames{0, 75, 170, 280});
  // Too far from any, or so near that the segment would be half as long as it should be.
  CHECK(cuts({0, 160}, 300).empty());
  CHECK(cuts({0, 20, 175, 300}, 400).empty());
  CHECK(cuts({0, 100}, 251).empty());
}

TEST_CASE("a source is encoded if its rate or size is not the rung's, or it cannot be copied") {
  const Frames keys = every(48, 432);
  CHECK(copyOf(source(keys, 432, 4'900'000)));
  CHECK_FALSE(copyOf(source(keys, 432, 5'000'000)));
  VideoFacts burst = source(keys, 432);
  burst.copyable[4] *= 5;
  CHECK_FALSE(copyOf(burst));
  VideoFacts between = source(keys, 432);
  between.width = 1600;
  between.height = 900;
  CHECK_FALSE(copyOf(between));
  VideoFacts unknown = source(keys, 432);
  unknown.copyable.clear();
  CHECK_FALSE(copyOf(unknown));
}

TEST_CASE("a plan that copies has one grid for all rungs, and says so in its spec") {
  initCrypto();
  SourceFacts facts;
  facts.duration_ms = 17'280;
  facts.video = source(every(48, 432), 432);
  facts.audio = {{1, true}};
  const Plan plan = planFor(facts, {});
  REQUIRE(plan.copies());
  CHECK(plan.count(Making::Copied) == 1);
  CHECK(plan.making("720p") == Making::Copied);
  CHECK(plan.making("480p") == Making::Encoded);
  CHECK(plan.segments() == 3);
  CHECK(plan.framesOf(0) == 144);
  CHECK(plan.target_duration == 6);
  CHECK(plan.rungs.back().maxrate == 3'000'000);
  CHECK(plan.soundApart());
  const std::string spec = plan.spec({}).dump();
  CHECK(spec.find(R"("segment_frames":144,)") != std::string::npos);
  CHECK(spec.find(R"("starts":[0,144,288],)") != std::string::npos);
  CHECK(spec.find(R"("profile":"high","copy":true})") != std::string::npos);
  const Plan again = Plan::fromJson(Json::parse(plan.toJson().dump()));
  CHECK(again.spec({}).dump() == spec);
  CHECK(rangesOf(plan) == std::vector<Range>{{0, std::nullopt}});
  LadderSettings off;
  off.copy = false;
  CHECK_FALSE(planFor(facts, off).copies());
  CHECK(settingsHash(planFor(facts, off), off) != settingsHash(plan, {}));
  LadderSettings one;
  one.rungs = {720};
  CHECK(rangesOf(planFor(facts, one)).empty());
}
