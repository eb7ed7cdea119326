// A task without pictures: one rendition of sound alone, cut on a time grid, and a poster made from
// the file's cover or the sound's shape.
#pragma once
#include "control.h"
#include "output_directory.h"
#include "progress.h"
#include "rendition_writer.h"
#include "report.h"
#include "sound_track.h"
#include "source.h"

#include <optional>

namespace reeld::libav {

class AudioJob {
 public:
  AudioJob(const Spec& spec, Source& source, const Control& control,
           const OutputDirectory& directory, const sdk::JobSink& sink);
  Report run();

 private:
  /// Writes the segments whose sound is complete.
  void publish();
  void writeSegment(std::int64_t first_frame, std::int64_t end_frame);
  void writePoster();
  FramePtr coverPicture();
  std::int64_t heardFrames() const;
  bool rangeDone() const;
  void tellProgress();

  const Spec& spec_;
  Source& source_;
  const Control& control_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  SoundTrack sound_;
  RenditionWriter writer_;
  std::int64_t next_segment_;
  Progress progress_;
};

}  // namespace reeld::libav
