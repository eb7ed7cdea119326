// See rendition_writer.h.
#include "rendition_writer.h"

#include <cstdio>
#include <utility>

namespace reeld::libav {

RenditionWriter::RenditionWriter(std::string name, const Spec& spec,
                                 const OutputDirectory& directory, const sdk::JobSink& sink,
                                 TsMuxer muxer)
    : name_(std::move(name)), spec_(spec), directory_(directory), sink_(sink), muxer_(muxer) {
  directory_.makeFolder(name_);
}

void RenditionWriter::write(const SegmentSpan& span, const std::vector<PacketPtr>& video,
                            const std::vector<const AVPacket*>& audio, std::uint64_t count) {
  char file[40];
  std::snprintf(file, sizeof file, "/segment_%03lld.ts", static_cast<long long>(span.index));
  const std::string path = name_ + file;
  const std::int64_t start_us = spec_.timeUs(span.first_frame);
  const std::int64_t duration_us = spec_.timeUs(span.first_frame + span.frames) - start_us;
  // The task's first segment cannot know where the segment before it, of another task, ended.
  const bool discontinuous = (segments_.empty() && span.index > 0) || span.index == anew_at_;
  std::uint64_t bytes = 0;
  muxer_.mux(video, audio, discontinuous, [&](TsMuxer::Bytes segment) {
    continuity_.carryOn(segment);
    directory_.write(path, segment);
    bytes = segment.size();
  });
  segments_.push_back({bytes, duration_us});
  frames_ += count;
  reeld_segment made{};
  made.index = static_cast<std::uint32_t>(span.index);
  made.rendition = sdk::abi(name_);
  made.path = sdk::abi(path);
  made.start_us = start_us;
  made.duration_us = duration_us;
  made.bytes = bytes;
  made.frames = count;
  made.format = sdk::abi("hls-ts");
  sink_.segment(made);
}

}  // namespace reeld::libav
