// A task that takes the source's pictures as they are for the one rung of their size, muxed with
// its sound encoded once; the sound also goes out in parts, for the tasks that make other rungs.
// Decodes the first picture of each segment; the others only if asked to. What the plan did not
// foresee ends the task with a reason in its report: the source must be encoded then.
#pragma once
#include "copy_check.h"
#include "decoder.h"
#include "output_directory.h"
#include "picture_copy.h"
#include "poster.h"
#include "progress.h"
#include "report.h"
#include "segmenter.h"
#include "sound_parts.h"
#include "sound_track.h"
#include "source.h"

#include <optional>
#include <string>

namespace reeld::libav {

class CopyJob {
 public:
  CopyJob(const Spec& spec, Source& source, const OutputDirectory& directory,
          const sdk::JobSink& sink);
  Report run();

 private:
  void readAll();
  void takePicture(AVPacket& packet);
  void takeSound(const AVPacket& packet);
  /// The picture a segment begins with must decode by itself; or, if nobody else decodes them,
  /// every picture without an error.
  void tryPicture(const AVPacket& packet);
  void tryRest();
  void writePoster();
  void finish();
  void publish();
  void refuse(const std::string& why);
  Report report() const;

  const Spec& spec_;
  Source& source_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  std::optional<SoundTrack> sound_;
  SoundParts parts_;
  CopyCheck check_;
  PictureCopy copy_;
  Segmenter segmenter_;
  Decoder decoder_;
  Poster poster_;
  bool wants_poster_;
  Progress progress_;
  std::int64_t origin_us_;
  std::string refused_;
};

}  // namespace reeld::libav
