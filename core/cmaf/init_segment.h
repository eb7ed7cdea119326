// The head of a CMAF track (ISO/IEC 23000-19): what a player must know before its first fragment.
// The same for all segments of a rendition. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace reeld::cmaf {

struct PictureTrack {
  int width = 0;
  int height = 0;
  std::int64_t timescale = 0;  ///< ticks per second: the numerator of the frame rate
  std::string_view sequence_set;
  std::span<const std::string> picture_sets;
};

/// 8 bit 4:2:0, as every rendition is.
std::string pictureInit(const PictureTrack& track);
/// AAC-LC, stereo, 48 kHz, as all sound is.
std::string soundInit();

inline constexpr std::int64_t SoundRate = 48'000;
inline constexpr std::int64_t PacketSamples = 1024;

}  // namespace reeld::cmaf
