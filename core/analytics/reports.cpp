#include "analytics/reports.h"

#include "base/error.h"
#include "catalog/query_text.h"
#include "catalog/video_repository.h"
#include "users/permission.h"

#include <algorithm>

namespace reeld::analytics {

namespace {

/// The daemon that leads looks for events of the others twice a second.
constexpr std::chrono::seconds FlushWithin{5};

}  // namespace

Reports::Reports(db::Database& database, db::OutboxDispatcher& outbox, const Clock& clock,
                 ReportSource* source)
    : database_(database), outbox_(outbox), clock_(clock), source_(source) {}

Summary Reports::summary(const SummaryQuery& query) {
  if (source_ == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "nothing on this site counts events: its administrator can name an instance that "
                "does (analytics-rollup) in analytics")
        .reason("no-analytics");
  }
  outbox_.flush(source_->name(), FlushWithin);
  Json params;
  if (query.creator_id) {
    params.set("creator_id", *query.creator_id);
  }
  if (query.video_id) {
    params.set("video_id", *query.video_id);
  }
  params.set("from", query.from);
  params.set("to", query.to);
  params.set("top", query.top);
  Summary summary = parseSummary(source_->report("summary", params));
  addTitles(summary.top_videos);
  return summary;
}

std::int64_t Reports::creatorOf(const users::Viewer& viewer, catalog::VideoId id) {
  return database_.read([&](db::Session& session) {
    const auto video = catalog::findVideoEvenDeleted(session, id);
    if (!video) {
      throw Error(ErrorCode::NotFound, "Video not found");
    }
    users::authorize(viewer, users::Action::SeeFigures, {.owner = video->creator_id});
    return video->creator_id;
  });
}

void Reports::addTitles(std::vector<VideoCounters>& videos) {
  if (videos.empty()) {
    return;
  }
  catalog::QueryText text;
  text << "SELECT id, title FROM videos WHERE id IN (";
  for (std::size_t i = 0; i < videos.size(); ++i) {
    (text << (i == 0 ? "" : ", ")).bind(videos[i].video_id);
  }
  text << ")";
  const db::Rows rows = database_.readOne(
      [&](db::Session& session) { return session.queryText(text.sql(), text.values()); });
  for (VideoCounters& video : videos) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const db::Row& one) {
      return one.integer(0) == video.video_id;
    });
    if (row != rows.end()) {
      video.title = row->text(1);
    }
  }
}

}  // namespace reeld::analytics
