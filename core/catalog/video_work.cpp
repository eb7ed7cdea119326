#include "catalog/video_work.h"

#include "catalog/query_text.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

struct Work {
  std::int64_t planned = 0;  ///< segments
  std::int64_t made = 0;
  std::int64_t took_ms = 0;  ///< from the plan to the last one made
};

// Done only when it is verified.
constexpr std::int64_t MostPercent = 99;

void fill(Video& video, const Work& work) {
  if (work.planned <= 0) {
    return;
  }
  video.made_percent = static_cast<int>(std::min(MostPercent, work.made * 100 / work.planned));
  // What comes after the last segment (other tracks of sound, verification) has no pace yet.
  const std::int64_t left = work.planned - work.made;
  if (work.made > 0 && left > 0) {
    const std::int64_t left_ms = std::max<std::int64_t>(0, work.took_ms) * left / work.made;
    video.eta_seconds = (left_ms + 999) / 1000;
  }
}

}  // namespace

bool isWorkedOn(const Video& video) noexcept {
  return video.state == VideoState::Processing || video.reprocessing;
}

void fillWork(db::Session& session, std::span<Video> videos) {
  QueryText text;
  text << "SELECT e.video_id, e.planned, e.created_at, CAST(COALESCE(SUM(j.made), 0) AS BIGINT), "
          "MAX(j.made_at) FROM encodings e LEFT JOIN jobs j ON j.encoding_id = e.id "
          "WHERE e.state = 'growing' AND e.video_id IN (";
  for (const Video& video : videos) {
    if (isWorkedOn(video)) {
      text << (text.values().empty() ? "" : ", ");
      text.bind(video.id);
    }
  }
  if (text.values().empty()) {
    return;
  }
  text << ") GROUP BY e.id, e.video_id, e.planned, e.created_at";
  for (const db::Row& row : session.queryText(text.sql(), text.values())) {
    const auto video = std::find_if(videos.begin(), videos.end(),
                                    [&](const Video& one) { return one.id == row.integer(0); });
    fill(*video, {row.integer(1), row.integer(3),
                  row.maybeInteger(4).value_or(row.integer(2)) - row.integer(2)});
  }
}

}  // namespace reeld::catalog
