// The storyboard of an encoding: pictures of its smallest rung, one at the start of every so many
// segments, as tiles of some sheets.
#pragma once
#include "processing/encoding.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::processing {

struct StoryboardSheet {
  std::int64_t bytes = 0;
  std::string storage_key;
};

struct Storyboard {
  /// A child gets the segments of one sheet, and may have 64 open files.
  static constexpr std::int64_t Columns = 6;
  static constexpr std::int64_t Rows = 6;
  static constexpr std::int64_t MostPictures = 8 * Columns * Rows;
  static constexpr std::int64_t LeastStepUs = 2'000'000;

  std::int64_t tile_width = 0;
  std::int64_t tile_height = 0;
  std::int64_t columns = Columns;
  std::int64_t rows = Rows;
  std::int64_t step = 1;      ///< segments from one picture to the next
  std::int64_t pictures = 0;  ///< 0 = there is none
  std::string note;           ///< why, or what of it
  std::vector<StoryboardSheet> sheets;

  std::int64_t perSheet() const noexcept { return columns * rows; }
};

/// What is to be made of a rung with pictures; without sheets yet. Pure.
Storyboard planStoryboard(const Rendition& rung);

/// The segments whose first pictures are the tiles of each sheet. Pure.
std::vector<std::vector<const Segment*>> sheetsOf(const Storyboard& board, const Rendition& rung);

}  // namespace reeld::processing
