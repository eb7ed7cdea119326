// What is on a storyboard: which segments, how large, on how many sheets.
#include "processing/storyboard.h"

#include "catch.h"

using namespace reeld::processing;

namespace {

Rendition rungOf(int width, int height, std::size_t segments, std::int64_t us = 4'000'000) {
  Rendition rung;
  rung.width = width;
  rung.height = height;
  rung.segments.resize(segments);
  for (std::size_t i = 0; i < segments; ++i) {
    rung.segments[i].number = static_cast<std::int64_t>(i);
    rung.segments[i].duration_us = us;
  }
  return rung;
}

}  // namespace

TEST_CASE("a storyboard has a picture per segment, and of long titles a few hundred at most") {
  struct Row {
    std::size_t segments;
    std::int64_t us;
    std::int64_t step;
    std::int64_t pictures;
    std::size_t sheets;
  };
  for (const Row& row :
       {Row{1, 300'000, 7, 1, 1}, Row{3, 4'000'000, 1, 3, 1}, Row{36, 4'000'000, 1, 36, 1},
        Row{37, 4'000'000, 1, 37, 2}, Row{288, 4'000'000, 1, 288, 8},
        Row{289, 4'000'000, 2, 145, 5}, Row{1800, 4'000'000, 7, 258, 8},
        Row{21'600, 4'000'000, 75, 288, 8}, Row{10, 1'000'000, 2, 5, 1}, Row{0, 0, 1, 0, 0}}) {
    const Rendition rung = rungOf(640, 360, row.segments, row.us);
    const Storyboard board = planStoryboard(rung);
    CHECK(board.step == row.step);
    CHECK(board.pictures == row.pictures);
    CHECK(board.pictures <= Storyboard::MostPictures);
    const auto sheets = sheetsOf(board, rung);
    CHECK(sheets.size() == row.sheets);
    std::int64_t picture = 0;
    for (const auto& tiles : sheets) {
      CHECK(tiles.size() <= 36);
      for (const Segment* segment : tiles) {
        CHECK(segment->number == picture++ * board.step);
      }
    }
    CHECK(picture == board.pictures);
  }
}

TEST_CASE("tiles have the shape of the picture, even sides, and are never enlarged") {
  const auto tileOf = [](int width, int height) {
    const Storyboard board = planStoryboard(rungOf(width, height, 1));
    return std::pair(board.tile_width, board.tile_height);
  };
  CHECK(tileOf(854, 480) == std::pair<std::int64_t, std::int64_t>(160, 90));
  CHECK(tileOf(640, 480) == std::pair<std::int64_t, std::int64_t>(160, 120));
  CHECK(tileOf(480, 854) == std::pair<std::int64_t, std::int64_t>(160, 284));
  CHECK(tileOf(1152, 480) == std::pair<std::int64_t, std::int64_t>(160, 66));
  CHECK(tileOf(64, 48) == std::pair<std::int64_t, std::int64_t>(64, 48));
  CHECK(tileOf(480, 2400) == std::pair<std::int64_t, std::int64_t>(64, 320));
  CHECK(tileOf(4000, 8) == std::pair<std::int64_t, std::int64_t>(160, 2));
}

TEST_CASE("sound alone has no storyboard") { CHECK(planStoryboard(rungOf(0, 0, 5)).pictures == 0); }
