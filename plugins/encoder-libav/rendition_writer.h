// One rendition's files: muxes a closed segment, writes it, tells the host, and remembers its size
// for the report. Knows nothing of how packets are grouped.
#pragma once
#include "bandwidth.h"
#include "output_directory.h"
#include "spec.h"
#include "ts_continuity.h"
#include "ts_muxer.h"

#include <reeld/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

namespace reeld::libav {

/// What is in a segment, on the title's grid.
struct SegmentSpan {
  std::int64_t index = 0;
  std::int64_t first_frame = 0;
  std::int64_t frames = 0;  ///< slots it covers
};

class RenditionWriter {
 public:
  RenditionWriter(std::string name, const Spec& spec, const OutputDirectory& directory,
                  const sdk::JobSink& sink, TsMuxer muxer);
  /// `count`: frames the host is told of (pictures, or packets of sound where there are none).
  void write(const SegmentSpan& span, const std::vector<PacketPtr>& video,
             const std::vector<const AVPacket*>& audio, std::uint64_t count);

  /// What was published before this segment may be another task's.
  void startAnewAt(std::int64_t index) { anew_at_ = index; }

  const std::string& name() const noexcept { return name_; }
  const std::vector<SegmentSize>& segments() const noexcept { return segments_; }
  std::uint64_t frames() const noexcept { return frames_; }

 private:
  std::string name_;
  const Spec& spec_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  TsMuxer muxer_;
  TsContinuity continuity_;
  std::vector<SegmentSize> segments_;
  std::uint64_t frames_ = 0;
  std::optional<std::int64_t> anew_at_;
};

}  // namespace reeld::libav
