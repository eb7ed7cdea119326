#include "processing/growth.h"

#include <algorithm>
#include <cmath>

namespace reeld::processing {

Rendition expected(const Plan& plan, std::int64_t audio_bitrate, const Rendition& rendition,
                   const Segment& first, const std::string& codecs) {
  // Transport packets and tables, beside what they carry.
  constexpr std::int64_t OverheadPercent = 108;
  Rendition said = rendition;
  said.codecs = codecs;
  said.frame_rate_milli = plan.audio_only ? 0 : std::llround(plan.fps.value() * 1000);
  const auto rung = std::find_if(plan.rungs.begin(), plan.rungs.end(),
                                 [&](const Rung& one) { return one.name == rendition.name; });
  const std::int64_t maxrate = rung != plan.rungs.end() ? rung->maxrate : 0;
  const std::int64_t begun =
      first.duration_us > 0 ? first.bytes * 8'000'000 / first.duration_us : 0;
  said.bandwidth = std::max((maxrate + audio_bitrate) * OverheadPercent / 100, begun);
  said.average_bandwidth = said.bandwidth;
  return said;
}

}  // namespace reeld::processing
