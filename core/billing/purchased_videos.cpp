#include "billing/purchased_videos.h"

namespace reeld::billing {

namespace {

// Both are answered from the index orders_paid alone.
const db::Statement Paid{R"(
  SELECT 1 FROM orders
  WHERE user_id = $1 AND video_id = $2 AND state = 'paid')"};
const db::Statement Newest{R"(
  SELECT video_id FROM orders
  WHERE user_id = $1 AND video_id < $2 AND state = 'paid'
  ORDER BY video_id DESC LIMIT $3)"};

}  // namespace

PurchasedVideos::Answer PurchasedVideos::ask(db::Session& session, users::UserId user,
                                             const catalog::Video& video) {
  return [asked = session.ask(Paid, user, video.id)]() -> std::optional<playback::Entitlement> {
    return asked.rows().empty() ? std::nullopt : std::optional(playback::Entitlement{std::nullopt});
  };
}

std::vector<catalog::VideoId> PurchasedVideos::newest(db::Session& session, users::UserId user,
                                                      catalog::VideoId before, std::int64_t limit) {
  std::vector<catalog::VideoId> ids;
  for (const db::Row& row : session.query(Newest, user, before, limit)) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

}  // namespace reeld::billing
