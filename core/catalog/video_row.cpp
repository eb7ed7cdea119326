#include "catalog/video_row.h"

#include "base/error.h"

namespace reeld::catalog {

// Statements of other files are declared before any object of this one would be made.
const char* videoColumns() noexcept {
  return "v.id, v.creator_id, v.title, v.description, v.category, v.is_paid, v.price_minor, "
         "v.state, v.failure_stage, v.failure_cause, v.failure_hint, v.damaged, v.duration_ms, "
         "v.current_encoding, v.poster_key, v.created_at, v.updated_at, v.deleted_at, v.tags, "
         "v.own_poster, v.reprocessing, v.subtitles";
}

db::Statement selectVideos(const std::string& rest) {
  return db::Statement(
      ("SELECT " + std::string(videoColumns()) + " FROM videos v " + rest).c_str());
}

Video videoOf(const db::Row& row) {
  const auto state = parseVideoState(row.view(7));
  if (!state) {
    throw Error(ErrorCode::Internal, "video " + std::to_string(row.integer(0)) +
                                         " has the unknown state " + row.text(7));
  }
  Video video{.id = row.integer(0),
              .creator_id = row.integer(1),
              .title = row.text(2),
              .description = row.maybeText(3),
              .category = row.text(4),
              .tags_json = row.text(18),
              .subtitles_json = row.text(21),
              .is_paid = row.flag(5),
              .price_minor = row.maybeInteger(6),
              .state = *state,
              .reprocessing = row.flag(20),
              .failure = std::nullopt,
              .damaged = row.flag(11),
              .duration_ms = row.maybeInteger(12),
              .current_encoding = row.maybeInteger(13),
              .poster_key = row.maybeText(14),
              .own_poster = row.flag(19),
              .created_at = row.integer(15),
              .updated_at = row.integer(16),
              .deleted_at = row.maybeInteger(17),
              .eta_seconds = std::nullopt};
  if (!row.isNull(8)) {
    video.failure = Failure{.stage = row.text(8),
                            .cause = row.maybeText(9).value_or(""),
                            .hint = row.maybeText(10).value_or("")};
  }
  return video;
}

}  // namespace reeld::catalog
