// What viewers leave behind: one reaction for each user and video, how much of it each has seen,
// and what is counted of that. Who may not play a video may neither react nor watch. Each change
// writes its event in the same transaction.
#pragma once
#include "base/clock.h"
#include "engagement/engagement_repository.h"
#include "playback/access.h"

#include <vector>

namespace reeld::engagement {

/// What a viewer sees beside the video.
struct Standing {
  std::optional<Reaction> own;
  ReactionCounts counts;
};

struct Progress {
  Watch watch;
  std::optional<std::int64_t> duration_ms;
};

/// For the owner.
struct Figures {
  Audience audience;
  ReactionCounts reactions;
};

class Engagement {
 public:
  /// Everything outlives this. `entitlements` in the order they are asked.
  Engagement(db::Database& database, const Clock& clock,
             std::vector<playback::EntitlementSource*> entitlements);

  /// The same again changes nothing. Throws what playback::demandAccess() throws.
  void react(const users::Viewer& viewer, catalog::VideoId video, Reaction reaction);
  /// Also by who may not play it any more; without a reaction nothing happens. Throws NOT_FOUND.
  void withdraw(const users::Viewer& viewer, catalog::VideoId video);
  /// Throws NOT_FOUND, also for what the viewer may not see.
  Standing standing(const users::Viewer& viewer, catalog::VideoId video);

  /// Throws what playback::demandAccess() throws.
  Progress report(const users::Viewer& viewer, catalog::VideoId video, const WatchReport& report);
  /// Throws NOT_FOUND, also for what the viewer may not see.
  Progress progress(const users::Viewer& viewer, catalog::VideoId video);

  /// For owner and administrators, also of a deleted video. Throws NOT_FOUND, DENIED.
  Figures figures(const users::Viewer& viewer, catalog::VideoId video);

 private:
  catalog::Video playable(db::Session& session, const users::Viewer& viewer,
                          catalog::VideoId video);

  db::Database& database_;
  const Clock& clock_;
  const std::vector<playback::EntitlementSource*> entitlements_;
};

}  // namespace reeld::engagement
