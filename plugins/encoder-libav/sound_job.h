// A task that makes the sound of a whole title and nothing else: encoded once, from the start, and
// handed out in parts, each as soon as it is complete. Tasks that make pictures mux them.
#pragma once
#include "control.h"
#include "output_directory.h"
#include "progress.h"
#include "report.h"
#include "sound_track.h"
#include "source.h"

#include <cstddef>

namespace reeld::libav {

class SoundJob {
 public:
  SoundJob(const Spec& spec, Source& source, const Control& control,
           const OutputDirectory& directory, const sdk::JobSink& sink);
  Report run();

 private:
  /// Writes the parts whose sound is complete.
  void publish();
  void writePart(std::int64_t to_sample);
  void tellProgress();
  std::int64_t begin(std::size_t part) const;

  const Spec& spec_;
  Source& source_;
  const Control& control_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  SoundTrack sound_;
  std::size_t next_part_ = 0;
  Progress progress_;
};

}  // namespace reeld::libav
