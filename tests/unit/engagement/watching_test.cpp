// What counts of a player's report.
#include "engagement/watching.h"

#include "catch.h"

using namespace reeld;
using namespace reeld::engagement;

namespace {

constexpr EpochMs Start = 1'000'000;

/// One viewer of one video of a minute, played at Start.
struct Viewer {
  Watch tell(EpochMs at, std::int64_t position, Intervals watched) {
    watch = afterReport(watch, {position, std::move(watched)},
                        {.played_at = played, .duration_ms = 60'000, .now = at});
    return *watch;
  }
  std::optional<Watch> watch;
  std::optional<EpochMs> played = Start;
};

}  // namespace

TEST_CASE("an honest player's reports add up") {
  Viewer viewer;
  CHECK(viewer.tell(Start + 10'000, 10'000, {{0, 10'000}}).watched_ms == 10'000);
  CHECK(viewer.tell(Start + 20'000, 20'000, {{10'000, 20'000}}).seen == Intervals{{0, 20'000}});
  CHECK(viewer.watch->position_ms == 20'000);
}

TEST_CASE("skipping to the end is not watching") {
  Viewer viewer;
  const Watch watch = viewer.tell(Start + 2'000, 60'000, {{0, 60'000}});
  CHECK(watch.watched_ms == 2'000);
  CHECK(watch.position_ms == 60'000);
  CHECK(viewer.tell(Start + 2'000, 60'000, {{0, 60'000}}).watched_ms == 2'000);
}

TEST_CASE("no report counts more than the wall time since the play") {
  Viewer viewer;
  for (EpochMs at = Start; at < Start + 30'000; at += 700) {
    CHECK(viewer.tell(at, 0, {{0, 60'000}}).watched_ms <= at - Start);
  }
  for (EpochMs at = Start + 30'000; at < Start + 50'000; at += 700) {
    CHECK(viewer.tell(at, 0, {{40'000, 60'000}, {0, 40'000}}).watched_ms <= at - Start);
  }
}

TEST_CASE("a part that is seen twice counts once") {
  Viewer viewer;
  viewer.tell(Start + 10'000, 10'000, {{0, 10'000}});
  CHECK(viewer.tell(Start + 20'000, 10'000, {{0, 10'000}}).watched_ms == 10'000);
  CHECK(viewer.tell(Start + 20'000, 30'000, {{10'000, 30'000}}).watched_ms == 10'000 + LateMs);
}

TEST_CASE("a player may tell all it has shown since the play each time") {
  Viewer viewer;
  for (std::int64_t at = 10'000; at <= 60'000; at += 10'000) {
    CHECK(viewer.tell(Start + at, at, {{0, at}}).watched_ms == at);
  }
}

TEST_CASE("a late report takes nothing from the next, and a pause is no credit") {
  Viewer viewer;
  viewer.tell(Start + 11'000, 10'000, {{0, 10'000}});
  CHECK(viewer.tell(Start + 20'000, 20'000, {{10'000, 20'000}}).watched_ms == 20'000);
  viewer.tell(Start + 600'000, 20'000, {});
  CHECK(viewer.tell(Start + 601'000, 60'000, {{20'000, 60'000}}).watched_ms ==
        20'000 + LateMs + 1'000);
}

TEST_CASE("a new play begins anew") {
  Viewer viewer;
  viewer.tell(Start + 10'000, 10'000, {{0, 10'000}});
  viewer.played = Start + 500'000;
  CHECK(viewer.tell(Start + 505'000, 60'000, {{10'000, 60'000}}).watched_ms == 15'000);
}

TEST_CASE("without a play that is known the first report starts the clock") {
  Viewer viewer;
  viewer.played.reset();
  CHECK(viewer.tell(Start, 10'000, {{0, 10'000}}).watched_ms == 0);
  CHECK(viewer.tell(Start + 10'000, 20'000, {{10'000, 20'000}}).watched_ms == 10'000);
}

TEST_CASE("a clock that is set back gives no time twice") {
  Viewer viewer;
  viewer.tell(Start + 10'000, 10'000, {{0, 10'000}});
  CHECK(viewer.tell(Start + 5'000, 20'000, {{10'000, 20'000}}).watched_ms == 10'000);
  CHECK(viewer.tell(Start + 12'000, 20'000, {{10'000, 20'000}}).watched_ms == 12'000);
}

TEST_CASE("what is beyond the end is not there") {
  Viewer viewer;
  const Watch watch = viewer.tell(Start + 100'000, 70'000, {{50'000, 90'000}});
  CHECK(watch.position_ms == 60'000);
  CHECK(watch.seen == Intervals{{50'000, 60'000}});
}

TEST_CASE("a report that would leave too many pieces moves the position only") {
  Viewer viewer;
  Intervals crumbs;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(MostPieces); ++i) {
    crumbs.push_back({i * 10, i * 10 + 1});
  }
  const Watch watch = viewer.tell(Start + 60'000, 7, crumbs);
  CHECK(watch.seen.empty());
  CHECK(watch.watched_ms == 0);
  CHECK(watch.position_ms == 7);
}
