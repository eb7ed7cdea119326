// What a segment of MPEG-TS (ISO/IEC 13818-1) as it lies in storage is made of: pictures of H.264
// in the form of MP4 and packets of AAC, with their times. Pure; decodes nothing. Segments are our
// own, read and checked when they were published: what does not fit is damage of storage.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::cmaf {

struct PictureSample {
  std::int64_t ticks = 0;  ///< shown at, of 90 kHz from the title's start
  bool is_idr = false;
  std::string data;  ///< units behind lengths of four bytes, parameter sets left out
};

struct TsSamples {
  std::vector<PictureSample> pictures;    ///< in decoding order
  std::string sequence_set;               ///< as the first IDR has them
  std::vector<std::string> picture_sets;  ///< each once, as they come
  std::vector<std::string> sound;         ///< packets of AAC-LC, without their ADTS headers
  std::int64_t sound_ticks = 0;           ///< of the first
};

/// near_ticks: about when it begins, because the clock of a stream wraps after 26 hours. Throws
/// Error CORRUPT.
TsSamples readTs(std::string_view bytes, std::int64_t near_ticks);

}  // namespace reeld::cmaf
