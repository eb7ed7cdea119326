// Time: the grid frames are laid on, the rate it has, where it begins, and repairs of the source's
// clock.
#include "catch.h"
#include "frame_grid.h"
#include "frame_rate.h"
#include "origin.h"
#include "timeline.h"

#include <vector>

using namespace reeld::libav;

namespace {

constexpr AVRational InMs{1, 1000};

// Slots given to frames at these times (milliseconds), with the last frame ending at `end`.
std::vector<SlotRun> layOut(AVRational fps, const std::vector<std::int64_t>& times,
                            std::int64_t end) {
  FrameGrid grid(fps);
  std::vector<SlotRun> runs;
  for (const std::int64_t time : times) {
    if (const auto run = grid.place(times.front(), time - times.front(), InMs)) {
      runs.push_back(*run);
    }
  }
  if (const auto run = grid.finish(end)) {
    runs.push_back(*run);
  }
  return runs;
}

std::int64_t slots(const std::vector<SlotRun>& runs) {
  std::int64_t next = 0;
  for (const SlotRun& run : runs) {
    REQUIRE(run.first == next);
    REQUIRE(run.count > 0);
    next += run.count;
  }
  return next;
}

std::vector<std::int64_t> steady(double fps, int count, double ticks_per_second) {
  std::vector<std::int64_t> times;
  for (int i = 0; i < count; ++i) {
    times.push_back(static_cast<std::int64_t>(i * ticks_per_second / fps + 0.5));
  }
  return times;
}

bool is(AVRational a, int num, int den) { return av_cmp_q(a, {num, den}) == 0; }

}  // namespace

TEST_CASE("a steady source fills each slot once, the last frame included") {
  const auto runs = layOut({25, 1}, steady(25, 132, 1000), 0);
  CHECK(runs.size() == 132);
  CHECK(slots(runs) == 132);
}

TEST_CASE("millisecond time stamps half-way between slots neither double nor lose a frame") {
  std::vector<std::int64_t> times;
  for (const std::int64_t time : steady(30000.0 / 1001, 300, 1000)) {
    times.push_back(time + 50);  // one and a half frames late
  }
  const auto runs = layOut({30000, 1001}, times, 0);
  CHECK(runs.size() == 300);
  CHECK(slots(runs) == runs.front().count + 299);
}

TEST_CASE("a late first frame also fills the slots before it") {
  const auto runs = layOut({10, 1}, {500, 600, 700}, 0);
  CHECK(runs.front().count == 6);
  CHECK(slots(runs) == 8);
}

TEST_CASE("of two frames due in one slot the later is shown") {
  const auto runs = layOut({10, 1}, {0, 100, 110, 120, 200}, 0);
  CHECK(runs.size() == 3);
  CHECK(slots(runs) == 3);
}

TEST_CASE("a frame stays until the next one, the last until the end that is asked for") {
  const auto runs = layOut({10, 1}, {0, 100, 1000}, 15);
  REQUIRE(runs.size() == 3);
  CHECK(runs[1].count == 9);
  CHECK(runs[2].count == 5);
}

TEST_CASE("a grid without frames has no slots") {
  FrameGrid grid({25, 1});
  CHECK_FALSE(grid.finish(10));
  CHECK(grid.next() == 0);
}

TEST_CASE("rates are measured from steps, not from claims") {
  CHECK(is(measureFrameRate(steady(25, 100, 90000), {1, 90000}, {1000, 1}).fps, 25, 1));
  CHECK(is(measureFrameRate(steady(24000.0 / 1001, 200, 1000), InMs, {1000, 1}).fps, 24000, 1001));
  CHECK(is(measureFrameRate(steady(30, 200, 1000), InMs, {600, 1}).fps, 30, 1));
  CHECK(is(measureFrameRate(steady(10, 50, 200000), {1, 200000}, {10, 1}).fps, 10, 1));
}

TEST_CASE("a steady rate that is not in the list is kept") {
  const FrameRate rate = measureFrameRate(steady(16, 100, 90000), {1, 90000}, {0, 1});
  CHECK(is(rate.fps, 16, 1));
  CHECK_FALSE(rate.variable);
}

TEST_CASE("fast sources are thinned evenly, slow ones multiplied") {
  CHECK(is(snapFrameRate(120, false), 60, 1));
  CHECK(is(snapFrameRate(119.88, false), 60000, 1001));
  CHECK(is(snapFrameRate(144, false), 48, 1));
  CHECK(is(snapFrameRate(100, false), 50, 1));
  CHECK(is(snapFrameRate(1, false), 5, 1));
  CHECK(is(snapFrameRate(2.5, false), 5, 1));
}

TEST_CASE("uneven steps are a variable rate near their usual one") {
  std::vector<std::int64_t> times;
  std::int64_t time = 0;
  for (int i = 0; i < 100; ++i) {
    times.push_back(time);
    time += i % 10 == 9 ? 900 : 33;
  }
  const FrameRate rate = measureFrameRate(times, InMs, {12, 1});
  CHECK(rate.variable);
  CHECK(is(rate.fps, 30, 1));
}

TEST_CASE("with a single picture a believable claim counts, else 25") {
  CHECK(is(measureFrameRate({0}, InMs, {30, 1}).fps, 30, 1));
  CHECK(is(measureFrameRate({}, InMs, {1000, 1}).fps, 25, 1));
  CHECK(is(snapFrameRate(0, false), 25, 1));
}

TEST_CASE("picture less than a frame late begins the title, otherwise the earlier stream does") {
  CHECK(titleStartUs(21'000, 0, {25, 1}) == 21'000);
  CHECK(titleStartUs(50'000, 0, {25, 1}) == 0);
  CHECK(titleStartUs(0, 44'000, {30, 1}) == 0);
  CHECK(titleStartUs(-500, std::nullopt, {25, 1}) == -500);
  CHECK_FALSE(titleStartUs(std::nullopt, std::nullopt, {25, 1}));
}

TEST_CASE("a hole in all streams is shortened to the limit") {
  Timeline timeline(30'000'000, false);
  CHECK(timeline.shiftFor(0, 0) == 0);
  const std::int64_t hundred_hours = 360'000'000'000;
  CHECK(hundred_hours + timeline.shiftFor(0, hundred_hours) == 30'000'000);
  CHECK(timeline.repairs() == 1);
}

TEST_CASE("a still picture while the sound goes on is no hole") {
  Timeline timeline(30'000'000, false);
  timeline.shiftFor(0, 0);
  for (std::int64_t second = 0; second < 100; ++second) {
    CHECK(timeline.shiftFor(1, second * 1'000'000) == 0);
  }
  CHECK(timeline.shiftFor(0, 100'000'000) == 0);
  CHECK(timeline.repairs() == 0);
}

TEST_CASE("after a spliced clock picture and sound go on together") {
  Timeline timeline(30'000'000, true);
  for (std::int64_t i = 0; i < 50; ++i) {
    timeline.shiftFor(0, 3'600'000'000 + i * 40'000);
    timeline.shiftFor(1, 3'600'000'000 + i * 40'000);
  }
  const std::int64_t video = timeline.shiftFor(0, 0);
  CHECK(video == 3'600'000'000 + 49 * 40'000 + 40'000);
  CHECK(timeline.shiftFor(1, 0) == video);
}

TEST_CASE("a hole before the first packet is one, too") {
  Timeline timeline(30'000'000, false);
  timeline.begin(0);
  CHECK(7'200'000'000 + timeline.shiftFor(0, 7'200'000'000) == 30'000'000);
}
