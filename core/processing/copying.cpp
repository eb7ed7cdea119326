#include "processing/copying.h"

#include <algorithm>
#include <cmath>

namespace reeld::processing {

namespace {

/// The next key frame that makes the segment long enough, else the last that keeps it short enough;
/// `end` of the title if that is near. The same place if there is none.
std::size_t nextCut(const std::vector<std::int64_t>& frames, std::size_t from,
                    std::int64_t segment_frames) {
  const std::int64_t longest = segment_frames * 3 / 2;
  std::size_t cut = from;
  for (std::size_t i = from + 1; i < frames.size() && frames[i] - frames[from] <= longest; ++i) {
    cut = i;
    if (frames[i] - frames[from] >= segment_frames) {
      break;
    }
  }
  return cut;
}

}  // namespace

std::optional<TopCopy> copyOfTop(const VideoFacts& video, const Rung& top,
                                 std::int64_t segment_frames) {
  if (video.copyable.empty() || video.copyable.size() != video.key_frames.size() ||
      video.key_frames.front() != 0 || video.key_frames.back() >= video.frames ||
      video.width != top.width || video.height != top.height) {
    return std::nullopt;
  }
  std::vector<std::int64_t> frames = video.key_frames;
  frames.push_back(video.frames);
  TopCopy copy;
  for (std::size_t at = 0; at + 1 < frames.size();) {
    const std::size_t next = nextCut(frames, at, segment_frames);
    const std::int64_t length = frames[next] - frames[at];
    const bool is_last = next + 1 == frames.size();
    if (length == 0 || (length < segment_frames / 2 && !is_last)) {
      return std::nullopt;
    }
    std::int64_t bytes = 0;
    for (std::size_t i = at; i < next; ++i) {
      bytes += video.copyable[i];
    }
    const double seconds = static_cast<double>(length) / video.fps.value();
    copy.starts.push_back(frames[at]);
    copy.longest = std::max(copy.longest, length);
    copy.peak =
        std::max<std::int64_t>(copy.peak, std::llround(static_cast<double>(bytes) * 8 / seconds));
    at = next;
  }
  const bool is_moderate = copy.peak * 2 <= top.maxrate * 3;
  return is_moderate ? std::optional(std::move(copy)) : std::nullopt;
}

}  // namespace reeld::processing
