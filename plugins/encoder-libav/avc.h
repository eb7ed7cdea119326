// H.264 as files of the MP4 family carry it (ISO/IEC 14496-15): units behind their lengths, the
// parameter sets in a record apart; and what a sequence parameter set (ITU-T H.264, 7.3.2.1) says
// of the pictures. Reads headers alone, decodes nothing. Pure.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace reeld::libav {

using AvcBytes = std::span<const std::uint8_t>;

enum class AvcUnit { Slice = 1, IdrSlice = 5, SequenceSet = 7, PictureSet = 8 };

struct AvcRecord {
  std::size_t length_bytes = 4;  ///< of the length in front of each unit
  std::vector<AvcBytes> sequence_sets;
  std::vector<AvcBytes> picture_sets;
};

/// The views are of `bytes`. Nothing if this is no such record.
std::optional<AvcRecord> readAvcRecord(AvcBytes bytes);

/// Type of a unit: its header's last five bits.
inline unsigned avcType(AvcBytes unit) { return unit[0] & 0x1fU; }
inline bool isUnit(AvcBytes unit, AvcUnit type) {
  return avcType(unit) == static_cast<unsigned>(type);
}

/// Each unit of a packet, in order; false if their lengths do not fit it.
bool eachUnit(AvcBytes packet, std::size_t length_bytes,
              const std::function<void(AvcBytes unit)>& on_unit);

struct SequenceFacts {
  unsigned profile = 0;      ///< profile_idc
  unsigned constraints = 0;  ///< the byte of constraint flags
  unsigned level = 0;        ///< level_idc: 42 is 4.2
  unsigned chroma_format = 1;
  unsigned bit_depth = 8;  ///< of luma and chroma, the larger
  bool frames_only = false;
};

/// unit: with its header. Nothing if it is cut off.
std::optional<SequenceFacts> readSequenceSet(AvcBytes unit);

}  // namespace reeld::libav
