// What a file calls one of its tracks, as it may stand between the quotes of a playlist (RFC 8216
// 4.2): on one line, whoever decides what a line is. A stranger wrote it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace reeld {

/// Quotes become apostrophes; what ends a line, is not shown or turns the direction of what follows
/// becomes a space (U+2028 and U+2029 end one where a player reads with JavaScript). At most so
/// many bytes, no space around; empty if nothing is left to see. The text is UTF-8.
std::string trackName(std::string_view text, std::size_t longest);

}  // namespace reeld
