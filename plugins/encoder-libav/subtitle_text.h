// What a subtitle says, as WebVTT shows it (W3C WebVTT, section 4.2.2). libavcodec hands out text
// of every kind as a line of an ASS script; here it loses what belongs to that format (positions,
// colours, drawings) and keeps what a browser can show: lines, italics, bold, underlining. Pure.
#pragma once
#include <string>
#include <string_view>

namespace reeld::libav {

struct SubtitleText {
  std::string text;  ///< the payload of a cue: no blank line in it, no "-->"; empty = shows nothing
  bool at_top = false;  ///< it asks for the upper edge of the picture
};

/// `line`: "ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text". Bytes that are no
/// UTF-8 become U+FFFD; what is beyond four kilobytes is cut off.
SubtitleText subtitleText(std::string_view line);

}  // namespace reeld::libav
