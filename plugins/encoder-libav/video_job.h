// A task with pictures: one decode, N rungs, sound encoded once. The calling thread reads, decodes,
// filters and writes segments; each rung encodes on its own.
#pragma once
#include "control.h"
#include "decoder.h"
#include "frame_grid.h"
#include "graph.h"
#include "output_directory.h"
#include "poster.h"
#include "report.h"
#include "rung_encoder.h"
#include "segmenter.h"
#include "sound_track.h"
#include "source.h"
#include "wakeup.h"

#include <memory>
#include <optional>
#include <vector>

namespace reeld::libav {

class VideoJob {
 public:
  VideoJob(const Spec& spec, Source& source, const Control& control,
           const OutputDirectory& directory, const sdk::JobSink& sink);
  Report run();

 private:
  struct Rung {
    RungSpec spec;
    std::unique_ptr<RungEncoder> encoder;
    std::optional<Segmenter> segmenter;
  };

  void readAll();
  void take(AVFrame& frame);
  void emit(SlotRun run);
  void encode(SlotRun run, std::vector<FramePtr>& frames);
  void openRungs();
  void considerPoster(SlotRun run, const std::vector<FramePtr>& frames);
  void writePoster();
  void finishPictures();
  void finishSound();
  /// Moves what the encoders made into segments and writes those that are complete.
  void pump();
  void wait();
  void tellProgress();
  Report report() const;
  bool endsEarly() const;
  std::int64_t sampleAt(std::int64_t frame) const;

  const Spec& spec_;
  Source& source_;
  const Control& control_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;

  Decoder decoder_;
  std::optional<SoundTrack> sound_;
  FrameGrid grid_;
  Graph graph_;
  Wakeup wakeup_;
  std::vector<Rung> rungs_;  ///< largest first
  Poster poster_;
  std::size_t poster_rung_;
  bool poster_written_ = false;

  AVRational aspect_;
  std::optional<std::int64_t> origin_us_;
  std::optional<std::int64_t>
      first_time_;  ///< of the first frame, from origin_us_ in the stream's time base
  std::int64_t last_time_ = 0;
  std::int64_t last_duration_ = 0;
  FramePtr held_;
  Picture held_picture_;
  bool interlaced_ = false;
  bool range_done_ = false;
  std::int64_t expected_frames_ = 0;  ///< of the whole title, 0 = unknown
  std::uint32_t told_permille_ = 0;
};

}  // namespace reeld::libav
