// Intervals merge, are cut and come back as they were stored.
#include "engagement/coverage.h"

#include "base/error.h"
#include "catch.h"

#include <algorithm>
#include <random>
#include <vector>

using namespace reeld;
using namespace reeld::engagement;

TEST_CASE("what overlaps or touches is one interval, and empty ones go") {
  CHECK(merged({{5, 9}, {0, 3}, {2, 5}, {12, 12}, {20, 10}}) == Intervals{{0, 9}});
  CHECK(merged({{0, 1}, {2, 3}}) == Intervals{{0, 1}, {2, 3}});
  CHECK(merged({{0, 10}, {2, 3}}) == Intervals{{0, 10}});
  CHECK(merged({}).empty());
}

TEST_CASE("what lies beyond a video is none of it") {
  CHECK(clamped({{-5, 3}, {8, 20}, {11, 12}}, 10) == Intervals{{0, 3}, {8, 10}});
}

TEST_CASE("what is in others is left out") {
  CHECK(without({{0, 10}, {20, 30}}, {{5, 25}}) == Intervals{{0, 5}, {25, 30}});
  CHECK(without({{0, 10}}, {{2, 3}, {5, 6}}) == Intervals{{0, 2}, {3, 5}, {6, 10}});
  CHECK(without({{0, 10}}, {{0, 10}}).empty());
  CHECK(without({{0, 10}}, {}) == Intervals{{0, 10}});
}

TEST_CASE("a cut keeps the front") {
  CHECK(cut({{0, 10}, {20, 30}}, 15) == Intervals{{0, 10}, {20, 25}});
  CHECK(cut({{0, 10}, {20, 30}}, 10) == Intervals{{0, 10}});
  CHECK(cut({{0, 10}}, 0).empty());
  CHECK(cut({{0, 10}}, 100) == Intervals{{0, 10}});
}

TEST_CASE("stored intervals are read as they were") {
  const Intervals some{{0, 1000}, {2000, 3000}};
  CHECK(print(some) == "[[0,1000],[2000,3000]]");
  CHECK(parseIntervals(print(some)) == some);
  CHECK(parseIntervals("[]").empty());
  CHECK_THROWS_AS(parseIntervals("[[0]"), Error);
}

TEST_CASE("merging agrees with counting each millisecond, for any intervals") {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::vector<bool> seen(100);
    Intervals some;
    for (auto i = random() % 12; i > 0; --i) {
      const auto from = static_cast<std::int64_t>(random() % 100);
      const auto to = std::min<std::int64_t>(from + static_cast<std::int64_t>(random() % 20), 100);
      some.push_back({from, to});
      std::fill(seen.begin() + from, seen.begin() + to, true);
    }
    const Intervals all = merged(some);
    const Intervals others = merged({{static_cast<std::int64_t>(random() % 50), 60}, {70, 80}});
    CHECK(lengthOf(without(all, others)) + lengthOf(others) == [&] {
      Intervals both = all;
      both.insert(both.end(), others.begin(), others.end());
      return lengthOf(merged(both));
    }());
    std::vector<bool> again(100);
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK((i == 0 || all[i - 1].to < all[i].from));
      std::fill(again.begin() + all[i].from, again.begin() + all[i].to, true);
    }
    CHECK(again == seen);
    CHECK(lengthOf(all) == std::count(seen.begin(), seen.end(), true));
    CHECK(merged(all) == all);
    const auto length = static_cast<std::int64_t>(random() % 120);
    CHECK(lengthOf(cut(all, length)) == std::min(lengthOf(all), length));
  }
}
