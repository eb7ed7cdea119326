// The job kind "encode-subtitles": the text subtitles of a title as WebVTT, one file per track,
// taken out in one reading of the source. Light, and after everything that pictures wait for. A
// title is whole without them: what cannot be had is noted with its reason, whatever it is.
#pragma once
#include "processing/part_job.h"
#include "processing/subtitle_track.h"

#include <map>
#include <string>
#include <vector>

namespace reeld::processing {

class SubtitleJob final : public PartJob {
 public:
  explicit SubtitleJob(const Workshop& shop) : PartJob(shop, SubtitlesKind, Weight::Light) {}

  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  /// Stores what the encoder made of each of them; or notes why there is nothing.
  void make(JobContext& context, const EncodingWork& work, std::vector<SubtitleTrack>& tracks);
  void store(JobContext& context, const EncodingWork& work, const TaskFolder& folder,
             const std::string& path, SubtitleTrack& track);
};

}  // namespace reeld::processing
