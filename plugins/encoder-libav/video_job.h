// A task with pictures: one decode, N rungs, sound encoded once. Reads and decodes, gives every
// frame its slots, and feeds the rungs, which encode on threads of their own.
#pragma once
#include "control.h"
#include "decoder.h"
#include "graph.h"
#include "output_directory.h"
#include "picture_clock.h"
#include "poster.h"
#include "progress.h"
#include "ready_sound.h"
#include "report.h"
#include "rung_set.h"
#include "sound_track.h"
#include "source.h"

#include <optional>
#include <vector>

namespace reeld::libav {

class VideoJob {
 public:
  /// sound: made by another task, or nullptr: the task makes its own, if it wants any.
  VideoJob(const Spec& spec, Source& source, ReadySound* sound, const Control& control,
           const OutputDirectory& directory, const sdk::JobSink& sink);
  Report run();

 private:
  void read(AVPacket& packet);
  void readAll();
  /// A decoded frame: the one before it now has its slots.
  void take(AVFrame& frame);
  /// The frame held back is shown in these slots.
  void emit(SlotRun run);
  void encode(SlotRun run, std::vector<FramePtr>& frames);
  void considerPoster(SlotRun run, const std::vector<FramePtr>& frames);
  void writePoster();
  std::optional<SlotRun> lastRun();
  void finishPictures();
  void finishSound();
  /// Reads on, for sound alone, until it is encoded up to here.
  void hearTo(std::int64_t sample);
  void publish();
  void tellProgress();
  void tellPatience();
  Report report() const;
  bool endsEarly() const;
  AudioTrack* track();
  const AVCodecParameters* soundParameters() const;
  /// End of the sound there is, in 48 kHz samples.
  std::int64_t soundEnd() const;

  const Spec& spec_;
  Source& source_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;

  Decoder decoder_;
  ReadySound* ready_sound_;
  std::optional<SoundTrack> sound_;
  std::optional<PictureClock> clock_;
  RungSet rungs_;
  Graph graph_;
  Poster poster_;
  std::size_t poster_rung_;
  bool poster_written_ = false;

  AVRational aspect_;
  PacketPtr landed_;  ///< the first packet after a jump, if it is not read yet
  FramePtr held_;
  Picture held_picture_;
  bool interlaced_;
  bool range_done_ = false;
  std::int64_t expected_frames_;  ///< of the whole title, 0 = unknown
  int errors_before_ = 0;         ///< in frames that lead up to the task's first
  Progress progress_;
  std::int64_t skipped_ = 0;
};

}  // namespace reeld::libav
