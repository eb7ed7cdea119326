// The storyboard of an encoding as players are told of it: a WebVTT file whose cues are places in
// sheets of pictures ("sheet_000.jpg#xywh=160,0,160,90"). Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::playback {

struct Media;

struct Storyboard {
  std::int64_t tile_width = 0;
  std::int64_t tile_height = 0;
  std::int64_t columns = 0;
  std::int64_t rows = 0;  ///< of a full sheet
  std::int64_t step = 1;  ///< segments from one picture to the next
  std::int64_t pictures = 0;
  std::vector<std::string> sheet_keys;  ///< by number
};

/// How its sheets are addressed: `base` in front of their names, `suffix` behind.
struct SheetAddress {
  std::string base;
  std::string suffix;
};

/// The file; of a media that has a storyboard.
std::string storyboardText(const Media& media, const SheetAddress& address);

/// "sheet_007.jpg" -> its storage key; nullptr for any other name.
const std::string* sheetKey(const Media& media, std::string_view name) noexcept;

}  // namespace reeld::playback
