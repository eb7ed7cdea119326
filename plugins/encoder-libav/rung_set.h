// The rungs of a task at work: an encoder and a segmenter each. Frames go in; finished segments go
// to the directory and the host, on the thread that calls.
#pragma once
#include "audio_track.h"
#include "control.h"
#include "frame_grid.h"
#include "graph_plan.h"
#include "output_directory.h"
#include "report.h"
#include "rung_encoder.h"
#include "segmenter.h"
#include "wakeup.h"

#include <memory>
#include <optional>
#include <vector>

namespace reeld::libav {

class RungSet {
 public:
  RungSet(const Spec& spec, const Control& control, const OutputDirectory& directory,
          const sdk::JobSink& sink);

  /// Largest first: the cascade scales down step by step.
  std::vector<Size> sizes() const;
  bool opened() const noexcept { return rungs_.front().encoder != nullptr; }
  /// audio: parameters of the sound that is muxed in, or nullptr; outlives this object.
  void open(const ColourTags& colours, const AVCodecParameters* audio);

  /// Hands frames[i] to rung i, waiting for room; publishes meanwhile. track nullptr: no sound.
  void encode(SlotRun run, std::vector<FramePtr>& frames, AudioTrack* track);
  /// Writes the segments that are complete, picture and sound, and lets go of the sound they used.
  void publish(AudioTrack* track);
  /// No frame follows.
  void finish();
  /// Returns when every segment is written; the track is closed by then.
  void publishAll(AudioTrack* track);

  /// In the task's own order.
  std::vector<RenditionReport> reports(bool with_sound) const;

 private:
  struct Rung {
    RungSpec spec;
    std::unique_ptr<RungEncoder> encoder;
    std::optional<Segmenter> segmenter;
  };
  void wait();

  const Spec& spec_;
  const Control& control_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  Wakeup wakeup_;
  std::vector<Rung> rungs_;  ///< largest first
};

}  // namespace reeld::libav
