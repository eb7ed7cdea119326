#include "playback/playable_videos.h"

#include "playback/playback_repository.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace reeld::playback {

namespace {

struct Batch {
  std::vector<catalog::Video> allowed;
  std::optional<catalog::VideoId> last;  ///< there may be more below it
};

Batch readBatch(db::Session& session, const users::Viewer& viewer, catalog::VideoId before,
                const std::vector<EntitlementSource*>& entitlements) {
  Batch batch;
  auto videos = listReadyBefore(session, before, PlayableVideos::BatchSize);
  if (videos.size() == static_cast<std::size_t>(PlayableVideos::BatchSize)) {
    batch.last = videos.back().id;
  }
  for (catalog::Video& video : videos) {
    const auto decision = decideAccess(session, viewer, video, entitlements);
    if (decision.verdict == AccessVerdict::Allowed) {
      batch.allowed.push_back(std::move(video));
    }
  }
  return batch;
}

}  // namespace

void PlayableVideos::each(const users::Viewer& viewer, const Visit& visit) {
  std::optional<catalog::VideoId> before = std::numeric_limits<catalog::VideoId>::max();
  while (before) {
    // Visited outside: what runs in a transaction may run again.
    const Batch batch = database_.read(
        [&](db::Session& session) { return readBatch(session, viewer, *before, entitlements_); });
    if (!std::all_of(batch.allowed.begin(), batch.allowed.end(), visit)) {
      return;
    }
    before = batch.last;
  }
}

}  // namespace reeld::playback
