// Asks the instance that counts events for its sums. Everything that was committed before is in
// them: the events that wait are handed over first.
#pragma once
#include "analytics/report_source.h"
#include "analytics/summary.h"
#include "base/clock.h"
#include "catalog/video.h"
#include "db/outbox_dispatcher.h"
#include "users/user.h"

#include <optional>
#include <string>

namespace reeld::analytics {

struct SummaryQuery {
  std::optional<std::int64_t> creator_id;  ///< nothing = all videos
  std::optional<std::int64_t> video_id;    ///< one of his
  std::string from;                        ///< "2026-11-01", with that day
  std::string to;                          ///< with that day
  int top = 10;                            ///< so many videos
};

class Reports {
 public:
  /// Everything outlives this; without a source every question is UNSUPPORTED.
  Reports(db::Database& database, db::OutboxDispatcher& outbox, const Clock& clock,
          ReportSource* source);

  /// Throws UNSUPPORTED, and UNAVAILABLE if what happened last could not be counted in time.
  Summary summary(const SummaryQuery& query);
  /// Whose the video is, deleted or not, if the viewer may see its figures. Throws NOT_FOUND,
  /// DENIED.
  std::int64_t creatorOf(const users::Viewer& viewer, catalog::VideoId video);
  EpochMs now() const { return clock_.now(); }

 private:
  void addTitles(std::vector<VideoCounters>& videos);

  db::Database& database_;
  db::OutboxDispatcher& outbox_;
  const Clock& clock_;
  ReportSource* source_;
};

}  // namespace reeld::analytics
