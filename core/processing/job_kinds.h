// The kinds of jobs there are. encoding_part.h says how they follow each other.
#pragma once
#include <string_view>

namespace reeld::processing {

inline constexpr std::string_view EncodeKind = "encode";
inline constexpr std::string_view CopyKind = "encode-copy";
inline constexpr std::string_view SoundKind = "encode-sound";
inline constexpr std::string_view FirstKind = "encode-first";
inline constexpr std::string_view RangeKind = "encode-range";
inline constexpr std::string_view SubtitlesKind = "encode-subtitles";
inline constexpr std::string_view AlternateKind = "encode-alternate";
inline constexpr std::string_view FinishKind = "encode-finish";
inline constexpr std::string_view StoryboardKind = "encode-storyboard";

}  // namespace reeld::processing
