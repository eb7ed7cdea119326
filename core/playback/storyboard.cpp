#include "playback/storyboard.h"

#include "playback/media.h"
#include "webvtt/cue_sheet.h"

#include <algorithm>

namespace reeld::playback {

namespace {

std::string sheetName(std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 3 ? 3 - digits.size() : 0, '0');
  return "sheet_" + digits + ".jpg";
}

std::string placeOf(const Storyboard& board, std::int64_t picture) {
  const std::int64_t tile = picture % (board.columns * board.rows);
  return "#xywh=" + std::to_string(tile % board.columns * board.tile_width) + "," +
         std::to_string(tile / board.columns * board.tile_height) + "," +
         std::to_string(board.tile_width) + "," + std::to_string(board.tile_height);
}

/// When each segment begins, and at last the end of all; microseconds.
std::vector<std::int64_t> startsOf(const Media& media) {
  std::vector<std::int64_t> starts{0};
  if (!media.renditions.empty()) {
    for (const std::int64_t duration : media.renditions.front().segment_us) {
      starts.push_back(starts.back() + duration);
    }
  }
  return starts;
}

}  // namespace

std::string storyboardText(const Media& media, const SheetAddress& address) {
  const Storyboard& board = *media.storyboard;
  const std::vector<std::int64_t> starts = startsOf(media);
  const auto msOf = [&](std::int64_t picture) {
    const auto segment = static_cast<std::size_t>(picture * board.step);
    return starts[std::min(segment, starts.size() - 1)] / 1000;
  };
  std::vector<webvtt::Cue> cues;
  for (std::int64_t picture = 0; picture < board.pictures; ++picture) {
    const auto sheet = static_cast<std::size_t>(picture / (board.columns * board.rows));
    cues.push_back({msOf(picture), msOf(picture + 1), "",
                    address.base + sheetName(sheet) + address.suffix + placeOf(board, picture)});
  }
  const std::int64_t title_ms = starts.back() / 1000;
  return webvtt::CueSheet(std::move(cues)).print({0, title_ms}, title_ms);
}

const std::string* sheetKey(const Media& media, std::string_view name) noexcept {
  if (!media.storyboard) {
    return nullptr;
  }
  const auto& keys = media.storyboard->sheet_keys;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (name == sheetName(i)) {
      return &keys[i];
    }
  }
  return nullptr;
}

}  // namespace reeld::playback
