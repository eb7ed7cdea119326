// The job kind "encode-storyboard": small pictures for the time line of a player, of the key frames
// of the smallest rung. Begins when the title is READY, after everything else that waits, and is no
// matter of the title's: what comes to nothing is noted with its reason.
#pragma once
#include "processing/part_job.h"
#include "processing/storyboard.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::processing {

class StoryboardJob final : public PartJob {
 public:
  explicit StoryboardJob(const Workshop& shop) : PartJob(shop, StoryboardKind, Weight::Light) {}

  void run(JobContext& context) override;
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override;

 private:
  using Tiles = std::vector<const Segment*>;
  Storyboard make(JobContext& context, const EncodingWork& work, const Rendition& rung);
  /// How many of its tiles stayed black.
  std::int64_t makeSheet(JobContext& context, const EncodingWork& work, const Tiles& tiles,
                         Storyboard& board);
  void storeSheet(JobContext& context, const EncodingWork& work, const TaskFolder& folder,
                  const std::string& path, Storyboard& board);
  /// What an earlier try stored and no row names.
  void sweepLater(db::Session& session, const Encoding& encoding);
};

}  // namespace reeld::processing
