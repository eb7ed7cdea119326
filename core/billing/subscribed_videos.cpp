#include "billing/subscribed_videos.h"

#include "billing/subscription_repository.h"

namespace reeld::billing {

namespace {

const db::Statement ForSale{R"(
  SELECT id FROM videos
  WHERE is_paid = 1 AND deleted_at IS NULL AND state = 'READY' AND id < $1
  ORDER BY id DESC LIMIT $2)"};

}  // namespace

std::optional<EpochMs> SubscribedVideos::opensUntil(db::Session& session,
                                                    users::UserId user) const {
  const auto live = findLiveSubscription(session, user);
  const bool opens =
      live && live->plan.opens == "all" &&
      (live->state == SubscriptionState::Active || live->state == SubscriptionState::Grace) &&
      clock_.now() < live->opensUntil();
  return opens ? std::optional(live->opensUntil()) : std::nullopt;
}

std::optional<playback::Entitlement> SubscribedVideos::find(db::Session& session,
                                                            users::UserId user,
                                                            const catalog::Video&) {
  const auto until = opensUntil(session, user);
  return until ? std::optional(playback::Entitlement{until}) : std::nullopt;
}

std::vector<catalog::VideoId> SubscribedVideos::newest(db::Session& session, users::UserId user,
                                                       catalog::VideoId before,
                                                       std::int64_t limit) {
  std::vector<catalog::VideoId> ids;
  if (opensUntil(session, user)) {
    for (const db::Row& row : session.query(ForSale, before, limit)) {
      ids.push_back(row.integer(0));
    }
  }
  return ids;
}

}  // namespace reeld::billing
