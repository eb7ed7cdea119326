// See segmenter.h.
#include "segmenter.h"

#include <limits>
#include <utility>

namespace reeld::libav {

Segmenter::Segmenter(const Spec& spec, RenditionWriter writer)
    : spec_(spec), writer_(std::move(writer)), index_(spec.first_segment) {}

void Segmenter::add(PacketPtr packet) {
  const bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
  const bool starts_next = key && packet->pts == spec_.startOf(index_ + 1);
  if (starts_next) {
    if (open_.size() != static_cast<std::size_t>(spec_.framesOf(index_))) {
      throw Failure(REELD_INTERNAL,
                    "rung " + writer_.name() + " lost frames of segment " + std::to_string(index_));
    }
    close();
    ++index_;
  }
  // Invariant: a segment begins with the IDR of its first slot and contains its own slots only.
  const std::int64_t first = spec_.startOf(index_);
  const bool fits = packet->pts >= first && packet->pts < first + spec_.framesOf(index_);
  if (!fits || (open_.empty() && !(key && packet->pts == first))) {
    throw Failure(REELD_INTERNAL, "rung " + writer_.name() + " left the segment grid at frame " +
                                      std::to_string(packet->pts));
  }
  open_.push_back(std::move(packet));
}

void Segmenter::close() {
  const auto frames = static_cast<std::int64_t>(open_.size());
  closed_.push_back({{index_, spec_.startOf(index_), frames}, std::exchange(open_, {})});
}

void Segmenter::finish() {
  if (!open_.empty()) {
    close();
  }
  finished_ = true;
}

void Segmenter::publish(const AudioTrack* track) {
  constexpr std::int64_t Lowest = std::numeric_limits<std::int64_t>::min();
  while (!closed_.empty()) {
    const Closed& segment = closed_.front();
    const SegmentSpan& span = segment.span;
    std::vector<const AVPacket*> sound;
    if (track != nullptr) {
      const std::int64_t from = span.index == 0 ? Lowest : spec_.sampleAt(span.first_frame);
      const std::int64_t to = spec_.sampleAt(span.first_frame + span.frames);
      if (!track->reaches(to)) {
        return;
      }
      sound = track->between(from, to);
    }
    writer_.write(span, segment.packets, sound, static_cast<std::uint64_t>(span.frames));
    closed_.pop_front();
  }
}

std::int64_t Segmenter::openFrom() const {
  return closed_.empty() ? spec_.startOf(index_) : closed_.front().span.first_frame;
}

}  // namespace reeld::libav
