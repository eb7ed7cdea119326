// A task that makes one more track of a title's sound, beside the one its pictures have: segments
// of sound alone on the title's grid, from its first frame to its last, with silence where the
// track has nothing. The packets of the pictures and of the other sound are read and not decoded:
// what is a hole in the title's time line depends on all of them.
#pragma once
#include "control.h"
#include "output_directory.h"
#include "progress.h"
#include "rendition_writer.h"
#include "report.h"
#include "sound_track.h"
#include "source.h"

namespace reeld::libav {

class AlternateJob {
 public:
  AlternateJob(const Spec& spec, Source& source, const Control& control,
               const OutputDirectory& directory, const sdk::JobSink& sink);
  /// Throws INVALID if less than half of the track decodes.
  Report run();

 private:
  void read(const AVPacket& packet);
  /// Writes the segments whose sound is complete.
  void publish();
  void writeSegment();
  void requireSound() const;
  void tellProgress();
  bool done() const { return spec_.startOf(next_segment_) >= spec_.frames; }
  std::int64_t endOf(std::int64_t segment) const;

  const Spec& spec_;
  Source& source_;
  const Control& control_;
  SoundTrack sound_;
  RenditionWriter writer_;
  std::int64_t origin_us_ = 0;  ///< where the title begins in the source's time
  std::int64_t next_segment_;
  std::int64_t packets_ = 0;  ///< of the track
  Progress progress_;
};

}  // namespace reeld::libav
