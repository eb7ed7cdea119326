#include "playback/playable_videos.h"

#include "playback/playback_repository.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

namespace reeld::playback {

namespace {

struct Batch {
  std::vector<catalog::Video> allowed;
  std::optional<catalog::VideoId> last;  ///< there may be more below it
};

constexpr auto BatchSize = PlayableVideos::BatchSize;

/// What may be allowed, from several lists, each newest first and `BatchSize` long at most.
class Candidates {
 public:
  void add(std::vector<catalog::Video> videos) {
    for (catalog::Video& video : videos) {
      byId_.emplace(video.id, std::move(video));
    }
  }
  /// Of one of the lists: if it is full there may be more of it, all of them below its last.
  template <class List, class IdOf>
  void endsAt(const List& list, IdOf idOf) {
    if (list.size() == static_cast<std::size_t>(BatchSize)) {
      last_ = std::max(last_.value_or(0), idOf(list.back()));
    }
  }
  /// Those from here on are known from all lists.
  std::optional<catalog::VideoId> last() const { return last_; }
  /// Newest first, from last() on.
  std::vector<catalog::Video> take() {
    std::vector<catalog::Video> videos;
    for (auto it = byId_.rbegin(); it != byId_.rend() && it->first >= last_.value_or(0); ++it) {
      videos.push_back(std::move(it->second));
    }
    return videos;
  }

 private:
  std::map<catalog::VideoId, catalog::Video> byId_;
  std::optional<catalog::VideoId> last_;
};

/// Read from what is free, one's own or entitled, each by an index: how many videos of others are
/// for sale does not matter.
Candidates readCandidates(db::Session& session, const users::Viewer& viewer,
                          catalog::VideoId before,
                          const std::vector<EntitlementSource*>& entitlements) {
  Candidates candidates;
  const auto idOfVideo = [](const catalog::Video& video) { return video.id; };
  if (viewer.role == users::Role::Admin) {
    auto all = listReadyBefore(session, before, BatchSize);
    candidates.endsAt(all, idOfVideo);
    candidates.add(std::move(all));
    return candidates;
  }
  auto open = listOpenBefore(session, viewer.user_id, before, BatchSize);
  candidates.endsAt(open, idOfVideo);
  candidates.add(std::move(open));
  for (EntitlementSource* source : entitlements) {
    const auto ids = source->newest(session, viewer.user_id, before, BatchSize);
    candidates.endsAt(ids, [](catalog::VideoId id) { return id; });
    candidates.add(listReadyOf(session, ids));
  }
  return candidates;
}

Batch readBatch(db::Session& session, const users::Viewer& viewer, catalog::VideoId before,
                const std::vector<EntitlementSource*>& entitlements) {
  auto candidates = readCandidates(session, viewer, before, entitlements);
  Batch batch{.allowed = {}, .last = candidates.last()};
  for (catalog::Video& video : candidates.take()) {
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
