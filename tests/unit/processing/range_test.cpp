// Where a title is cut into ranges, and where a range goes on after a death.
#include "processing/range.h"

#include "catch.h"
#include "processing/range_job.h"

using namespace reeld;
using namespace reeld::processing;

namespace {

/// 25 frames per second, segments of four seconds, a key frame every two.
SourceFacts title(std::int64_t seconds, std::int64_t key_every = 50) {
  SourceFacts facts;
  facts.duration_ms = seconds * 1000;
  facts.video = VideoFacts{1280, 720, {25, 1}, seconds * 25, true, {}, {}};
  for (std::int64_t slot = 0; slot < seconds * 25; slot += key_every) {
    facts.video->key_frames.push_back(slot);
  }
  return facts;
}

std::vector<std::int64_t> lengths(const Plan& plan) {
  std::vector<std::int64_t> all;
  std::int64_t next = 0;
  const auto ranges = rangesOf(plan);
  for (const Range& range : ranges) {
    CHECK(range.first == next);
    CHECK(range.count.has_value() == (&range != &ranges.back()));
    all.push_back(range.count.value_or(0));
    next += range.count.value_or(0);
  }
  return all;
}
using Lengths = std::vector<std::int64_t>;

std::vector<Rendition> published(const std::vector<std::vector<std::int64_t>>& numbers) {
  std::vector<Rendition> all;
  for (const auto& of_one : numbers) {
    Rendition& rendition = all.emplace_back();
    for (const std::int64_t number : of_one) {
      rendition.segments.emplace_back().number = number;
    }
  }
  return all;
}

}  // namespace

TEST_CASE("a title of a minute is made in one piece") {
  CHECK(lengths(planFor(title(5), {})) == Lengths{0});
  CHECK(lengths(planFor(title(60), {})) == Lengths{0});
}

TEST_CASE("a longer one is made in ranges of some segments, the last one open") {
  CHECK(lengths(planFor(title(72), {})) == Lengths{3, 3, 3, 3, 3, 0});
  // One segment more is no range of its own.
  CHECK(lengths(planFor(title(76), {})) == Lengths{3, 3, 3, 3, 3, 0});
  CHECK(lengths(planFor(title(80), {})) == Lengths{3, 3, 3, 3, 3, 3, 0});
}

TEST_CASE("ranges of a long title are a minute, and there are many") {
  const auto film = lengths(planFor(title(7200), {}));
  CHECK(film.size() == 120);
  CHECK(film.front() == 15);
}

TEST_CASE("a title in which no task can begin, or only far away, is made in one piece") {
  SourceFacts facts = title(600);
  facts.video->seekable = false;
  CHECK(lengths(planFor(facts, {})) == Lengths{0});
  CHECK(lengths(planFor(title(600, 600), {})).size() > 1);
  CHECK(lengths(planFor(title(600, 5000), {})) == Lengths{0});
}

TEST_CASE("a range survives being stored") {
  for (const Range& range : {Range{0, 5}, Range{115, std::nullopt}}) {
    CHECK(Range::fromJson(Json::parse(range.toJson().dump())) == range);
  }
}

TEST_CASE("a range goes on with the first segment that a rung lacks") {
  CHECK(resumeAt({5, 5}, published({{}, {}})) == 5);
  CHECK(resumeAt({5, 5}, published({{4, 5, 6, 7}, {4, 5, 6}})) == 7);
  CHECK(resumeAt({5, 5}, published({{5, 7}, {5, 6}})) == 6);
}

TEST_CASE("the last segment of a whole range is made again, for its report") {
  CHECK(resumeAt({5, 3}, published({{5, 6, 7, 8}, {5, 6, 7}})) == 7);
  CHECK(resumeAt({0, 1}, published({{0}})) == 0);
  CHECK(resumeAt({5, std::nullopt}, published({{5, 6, 7}})) == 7);
  CHECK(resumeAt({5, std::nullopt}, published({{}})) == 5);
}
