// A task that makes the sound of a whole title and nothing else: encoded once, from the start, and
// handed out in parts, each as soon as it is complete. Tasks that make pictures mux them.
#pragma once
#include "control.h"
#include "output_directory.h"
#include "progress.h"
#include "report.h"
#include "sound_parts.h"
#include "sound_track.h"
#include "source.h"

namespace reeld::libav {

class SoundJob {
 public:
  SoundJob(const Spec& spec, Source& source, const Control& control,
           const OutputDirectory& directory, const sdk::JobSink& sink);
  Report run();

 private:
  void tellProgress();

  const Spec& spec_;
  Source& source_;
  const Control& control_;
  SoundTrack sound_;
  SoundParts parts_;
  Progress progress_;
};

}  // namespace reeld::libav
