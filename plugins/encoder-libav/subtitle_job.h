// A task that takes the text subtitles out of a source, each track as a WebVTT file, and nothing
// else. Nothing of it is worth failing for: a track that cannot be decoded is reported and left
// out.
#pragma once
#include "control.h"
#include "cue_list.h"
#include "libav.h"
#include "output_directory.h"
#include "progress.h"
#include "source.h"
#include "spec.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::libav {

class SubtitleJob {
 public:
  SubtitleJob(const Spec& spec, Source& source, const OutputDirectory& directory,
              const sdk::JobSink& sink);
  /// The report, JSON.
  std::string run();

 private:
  struct Track {
    int stream = 0;
    const AVStream* source = nullptr;
    CodecPtr decoder;  ///< nullptr: there is none for it
    CueList cues;
    std::int64_t errors = 0;
  };
  Track open(int stream) const;
  Track* trackOf(const AVPacket& packet);
  void take(Track& track, AVPacket& packet) const;
  void write(Track& track) const;
  std::string report() const;

  const Spec& spec_;
  Source& source_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  Progress progress_;
  std::int64_t origin_us_ = 0;  ///< where the title begins, in the source's time
  std::vector<Track> tracks_;
};

}  // namespace reeld::libav
