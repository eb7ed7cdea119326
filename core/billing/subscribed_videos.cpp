#include "billing/subscribed_videos.h"

#include "billing/subscription.h"

namespace reeld::billing {

namespace {

// The states are those of the index subscriptions_live as they stand there, so that it is used; two
// of them open something.
const db::Statement Opening{R"(
  SELECT state, renews, period_end FROM subscriptions
  WHERE user_id = $1 AND state IN ('pending', 'active', 'grace', 'held')
    AND state IN ('active', 'grace') AND opens = 'all')"};
const db::Statement ForSale{R"(
  SELECT id FROM videos
  WHERE is_paid = 1 AND deleted_at IS NULL AND state = 'READY' AND id < $1
  ORDER BY id DESC LIMIT $2)"};

}  // namespace

std::optional<EpochMs> SubscribedVideos::opensUntil(const db::Rows& rows) const {
  if (rows.empty()) {
    return std::nullopt;
  }
  Subscription live;
  live.state = parseSubscriptionState(rows.front().text(0)).value();
  live.renews = rows.front().flag(1);
  live.period_end = rows.front().integer(2);
  return clock_.now() < live.opensUntil() ? std::optional(live.opensUntil()) : std::nullopt;
}

SubscribedVideos::Answer SubscribedVideos::ask(db::Session& session, users::UserId user,
                                               const catalog::Video&) {
  return [this, asked = session.ask(Opening, user)]() -> std::optional<playback::Entitlement> {
    const auto until = opensUntil(asked.rows());
    return until ? std::optional(playback::Entitlement{until}) : std::nullopt;
  };
}

std::vector<catalog::VideoId> SubscribedVideos::newest(db::Session& session, users::UserId user,
                                                       catalog::VideoId before,
                                                       std::int64_t limit) {
  std::vector<catalog::VideoId> ids;
  if (opensUntil(session.query(Opening, user))) {
    for (const db::Row& row : session.query(ForSale, before, limit)) {
      ids.push_back(row.integer(0));
    }
  }
  return ids;
}

}  // namespace reeld::billing
