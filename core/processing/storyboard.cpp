#include "processing/storyboard.h"

#include <algorithm>

namespace reeld::processing {

namespace {

constexpr std::int64_t MostWidth = 160;
constexpr std::int64_t MostHeight = 320;

std::int64_t ceilDiv(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// side * by / of, even and at least two.
std::int64_t evenPart(std::int64_t side, std::int64_t by, std::int64_t of) {
  return std::max<std::int64_t>(1, (side * by + of) / (2 * of)) * 2;
}

}  // namespace

Storyboard planStoryboard(const Rendition& rung) {
  Storyboard board;
  const auto count = static_cast<std::int64_t>(rung.segments.size());
  if (count == 0 || rung.width <= 0 || rung.height <= 0) {
    return board;
  }
  std::int64_t duration_us = 0;
  for (const Segment& segment : rung.segments) {
    duration_us += segment.duration_us;
  }
  const std::int64_t usual_us = std::max<std::int64_t>(1, duration_us / count);
  board.step =
      std::max(ceilDiv(Storyboard::LeastStepUs, usual_us), ceilDiv(count, board.MostPictures));
  board.pictures = ceilDiv(count, board.step);
  // Never enlarged, and a picture that is a tower is no taller than two of them are wide.
  board.tile_width = evenPart(std::min<std::int64_t>(MostWidth, rung.width), 1, 1);
  board.tile_height = evenPart(board.tile_width, rung.height, rung.width);
  if (board.tile_height > MostHeight) {
    board.tile_height = MostHeight;
    board.tile_width = evenPart(MostHeight, rung.width, rung.height);
  }
  return board;
}

std::vector<std::vector<const Segment*>> sheetsOf(const Storyboard& board, const Rendition& rung) {
  std::vector<std::vector<const Segment*>> sheets;
  for (std::int64_t picture = 0; picture < board.pictures; ++picture) {
    if (picture % board.perSheet() == 0) {
      sheets.emplace_back();
    }
    sheets.back().push_back(&rung.segments.at(static_cast<std::size_t>(picture * board.step)));
  }
  return sheets;
}

}  // namespace reeld::processing
