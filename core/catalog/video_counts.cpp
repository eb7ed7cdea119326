#include "catalog/video_counts.h"

namespace reeld::catalog {

namespace {

constexpr std::int64_t Shards = 16;

const db::Statement AddCounts{R"(
  INSERT INTO video_counts (state, shard, videos) VALUES ($1, $2, $3)
  ON CONFLICT (state, shard) DO UPDATE SET videos = video_counts.videos + excluded.videos)"};

const db::Statement Forget{"DELETE FROM video_counts"};
const db::Statement Recount{R"(
  INSERT INTO video_counts (state, shard, videos)
  SELECT state, id % 16, COUNT(*) FROM videos WHERE deleted_at IS NULL GROUP BY state, id % 16)"};

}  // namespace

void countMove(db::Session& session, VideoId id, std::optional<VideoState> from,
               std::optional<VideoState> to) {
  if (from) {
    session.execute(AddCounts, word(*from), id % Shards, -1);
  }
  if (to) {
    session.execute(AddCounts, word(*to), id % Shards, 1);
  }
}

void recountVideos(db::Session& session) {
  session.execute(Forget);
  session.execute(Recount);
}

}  // namespace reeld::catalog
