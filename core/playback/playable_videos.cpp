#include "playback/playable_videos.h"

#include "playback/playback_repository.h"

#include <limits>

namespace reeld::playback {

void PlayableVideos::each(const users::Viewer& viewer, const Visit& visit) {
  database_.read([&](db::Session& session) {
    catalog::VideoId before = std::numeric_limits<catalog::VideoId>::max();
    while (true) {
      const auto batch = listReadyBefore(session, before, BatchSize);
      for (const catalog::Video& video : batch) {
        const auto decision = decideAccess(session, viewer, video, entitlements_);
        if (decision.verdict == AccessVerdict::Allowed && !visit(video)) {
          return;
        }
      }
      if (batch.size() < static_cast<std::size_t>(BatchSize)) {
        return;
      }
      before = batch.back().id;
    }
  });
}

}  // namespace reeld::playback
