// See codecs_string.h.
#include "codecs_string.h"

#include <cstddef>
#include <cstdio>

namespace reeld::libav {

std::string avcCodec(std::span<const std::uint8_t> extradata) {
  constexpr unsigned SequenceParameterSet = 7;
  // 00 00 01, the unit's header, then profile_idc, constraint flags, level_idc.
  for (std::size_t i = 0; i + 7 <= extradata.size(); ++i) {
    const bool start = extradata[i] == 0 && extradata[i + 1] == 0 && extradata[i + 2] == 1;
    if (start && (extradata[i + 3] & 0x1fU) == SequenceParameterSet) {
      char text[16];
      std::snprintf(text, sizeof text, "avc1.%02x%02x%02x", extradata[i + 4], extradata[i + 5],
                    extradata[i + 6]);
      return text;
    }
  }
  return {};
}

}  // namespace reeld::libav
