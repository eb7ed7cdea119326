#include "playback/playback_repository.h"

#include "base/json.h"
#include "catalog/query_text.h"
#include "db/outbox.h"

namespace reeld::playback {

namespace {

const db::Statement FindEncoding{R"(
  SELECT video_id, state, plan FROM encodings WHERE id = $1 AND state <> 'failed')"};

const db::Statement Renditions{R"(
  SELECT id, name, width, height, frame_rate_milli, codecs, bandwidth, average_bandwidth
  FROM renditions WHERE encoding_id = $1 AND format = $2 ORDER BY width * height, id)"};

const db::Statement Segments{R"(
  SELECT number, duration_us, storage_key, frames FROM segments WHERE rendition_id = $1 ORDER BY number)"};

const db::Statement SubtitlesOf{R"(
  SELECT number, language, name, is_default, is_forced, for_hearing_impaired, storage_key
  FROM subtitles WHERE encoding_id = $1 AND storage_key IS NOT NULL ORDER BY number)"};

const db::Statement StoryboardOf{R"(
  SELECT tile_width, tile_height, sheet_columns, sheet_rows, step, pictures FROM storyboards
  WHERE encoding_id = $1 AND pictures > 0)"};

const db::Statement SheetsOf{R"(
  SELECT storage_key FROM storyboard_sheets WHERE encoding_id = $1 ORDER BY number)"};

const db::Statement PosterKey{R"(
  SELECT poster_key FROM videos
  WHERE id = $1 AND deleted_at IS NULL AND (poster_key IS NOT NULL OR state = 'READY'))"};

constexpr std::string_view ListedOfReady = R"(
  SELECT id, creator_id, title, description, category, is_paid, current_encoding, created_at
  FROM videos WHERE state = 'READY' AND deleted_at IS NULL AND id IN ()";

// Ids are handed out in order, so newest first is by id.
const db::Statement ReadyBefore{R"(
  SELECT id, creator_id, title, description, category, is_paid, current_encoding, created_at
  FROM videos
  WHERE state = 'READY' AND deleted_at IS NULL AND id < $1
  ORDER BY id DESC LIMIT $2)"};

// Two indexes are read, and no paid video of somebody else's: "+ 0" keeps SQLite from the index of
// all paid ones. Where next to all are paid its statistics do not tell that few are free.
const db::Statement OpenBefore{R"(
  SELECT * FROM (
    SELECT * FROM (
      SELECT id, creator_id, title, description, category, is_paid, current_encoding, created_at
      FROM videos {BY videos_by_paid}
      WHERE is_paid = 0 AND state = 'READY' AND deleted_at IS NULL AND id < $1
      ORDER BY id DESC LIMIT $2) f
    UNION ALL
    SELECT * FROM (
      SELECT id, creator_id, title, description, category, is_paid, current_encoding, created_at
      FROM videos
      WHERE creator_id = $3 AND is_paid + 0 = 1 AND state = 'READY' AND deleted_at IS NULL
        AND id < $4
      ORDER BY id DESC LIMIT $5) o) v
  ORDER BY id DESC LIMIT $6)"};

const db::Statement InsertView{R"(
  INSERT INTO views (video_id, user_id, token_id, created_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING RETURNING id)"};

MediaRendition loadRendition(db::Session& session, const db::Row& row, int target_duration,
                             bool complete) {
  MediaRendition rendition;
  rendition.name = row.text(1);
  rendition.variant = {rendition.name + "/index.m3u8",
                       row.text(5),
                       row.integer(6),
                       row.integer(7),
                       static_cast<int>(row.integer(2)),
                       static_cast<int>(row.integer(3)),
                       row.integer(4)};
  std::vector<ListedSegment> listed;
  for (const db::Row& segment : session.query(Segments, row.integer(0))) {
    // Invariant: a playlist is a contiguous prefix.
    if (segment.integer(0) != static_cast<std::int64_t>(listed.size())) {
      break;
    }
    listed.push_back({segmentFileName(listed.size()), segment.integer(1)});
    rendition.segment_keys.push_back(segment.text(2));
    rendition.segment_frames.push_back(segment.integer(3));
    rendition.segment_us.push_back(segment.integer(1));
  }
  rendition.index =
      std::make_shared<const std::string>(mediaPlaylist(target_duration, listed, complete));
  return rendition;
}

std::vector<Subtitles> loadSubtitles(db::Session& session, std::int64_t encoding_id) {
  std::vector<Subtitles> tracks;
  for (const db::Row& row : session.query(SubtitlesOf, encoding_id)) {
    tracks.push_back({row.integer(0), row.text(1), row.text(2), row.flag(3), row.flag(4),
                      row.flag(5), row.text(6)});
  }
  return tracks;
}

std::optional<Storyboard> loadStoryboard(db::Session& session, std::int64_t encoding_id) {
  const auto row = session.find(StoryboardOf, encoding_id);
  if (!row) {
    return std::nullopt;
  }
  Storyboard board{row->integer(0),
                   row->integer(1),
                   row->integer(2),
                   row->integer(3),
                   row->integer(4),
                   row->integer(5),
                   {}};
  for (const db::Row& sheet : session.query(SheetsOf, encoding_id)) {
    board.sheet_keys.push_back(sheet.text(0));
  }
  return board;
}

/// A plan as processing keeps it with its encoding.
MediaClock clockOf(const Json& plan) {
  MediaClock clock;
  clock.target_duration = static_cast<int>(plan.find("target_duration")->integer());
  const Json* fps = plan.find("fps");
  if (fps != nullptr) {
    clock.fps_num = fps->array().at(0).integer();
    clock.fps_den = fps->array().at(1).integer();
  }
  return clock;
}

std::vector<MediaRendition> loadRenditions(db::Session& session, const Media& media,
                                           const char* format) {
  std::vector<MediaRendition> renditions;
  for (const db::Row& row : session.query(Renditions, media.encoding_id, format)) {
    MediaRendition rendition =
        loadRendition(session, row, media.clock.target_duration, media.complete);
    // The master lists what can be played: measured, with a segment at least.
    if (!rendition.segment_keys.empty() && !rendition.variant.codecs.empty()) {
      renditions.push_back(std::move(rendition));
    }
  }
  return renditions;
}

/// Other tracks of sound are made last: who chose one of a title that grows would wait for it.
void addSounds(db::Session& session, Media& media, const Sounds& sounds) {
  media.sound = sounds.main;
  if (!media.complete || sounds.alternates.empty()) {
    return;
  }
  for (MediaRendition& rendition : loadRenditions(session, media, "alternate")) {
    const auto facts = sounds.alternates.find(rendition.name);
    if (facts != sounds.alternates.end()) {
      media.alternates.push_back({std::move(rendition), facts->second});
    }
  }
}

/// Of the columns id, creator_id, title, description, category, is_paid, current_encoding,
/// created_at.
std::vector<catalog::Video> listed(const db::Rows& rows) {
  std::vector<catalog::Video> videos;
  for (const db::Row& row : rows) {
    catalog::Video& video = videos.emplace_back();
    video.id = row.integer(0);
    video.creator_id = row.integer(1);
    video.title = row.text(2);
    video.description = row.maybeText(3);
    video.category = row.text(4);
    video.is_paid = row.flag(5);
    video.state = catalog::VideoState::Ready;
    video.current_encoding = row.maybeInteger(6);
    video.created_at = row.integer(7);
  }
  return videos;
}

}  // namespace

std::shared_ptr<const Media> loadMedia(db::Session& session, std::int64_t encoding_id) {
  const auto row = session.find(FindEncoding, encoding_id);
  if (!row) {
    return nullptr;
  }
  const auto media = std::make_shared<Media>();
  media->encoding_id = encoding_id;
  media->video_id = row->integer(0);
  media->complete = row->text(1) != "growing";
  const Json plan = Json::parse(row->text(2));
  media->clock = clockOf(plan);
  media->renditions = loadRenditions(session, *media, "hls-ts");
  addSounds(session, *media, soundsOf(plan));
  // Cut where the title ends, so they are listed once that is known.
  if (media->complete) {
    media->subtitles = loadSubtitles(session, encoding_id);
    media->storyboard = loadStoryboard(session, encoding_id);
  }
  media->master = std::make_shared<const std::string>(media->masterBelow(""));
  return media;
}

bool hasStoryboard(db::Session& session, std::int64_t encoding_id) {
  return session.find(StoryboardOf, encoding_id).has_value();
}

std::optional<std::string> findPosterKey(db::Session& session, std::int64_t video_id) {
  const auto row = session.find(PosterKey, video_id);
  return row ? std::optional(row->maybeText(0).value_or("")) : std::nullopt;
}

std::vector<catalog::Video> listReadyBefore(db::Session& session, catalog::VideoId before,
                                            std::int64_t limit) {
  return listed(session.query(ReadyBefore, before, limit));
}

std::vector<catalog::Video> listOpenBefore(db::Session& session, users::UserId user,
                                           catalog::VideoId before, std::int64_t limit) {
  return listed(session.query(OpenBefore, before, limit, user, before, limit, limit));
}

std::vector<catalog::Video> listReadyOf(db::Session& session,
                                        const std::vector<catalog::VideoId>& ids) {
  if (ids.empty()) {
    return {};
  }
  catalog::QueryText text;
  text << ListedOfReady;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    (text << (i == 0 ? "" : ", ")).bind(ids[i]);
  }
  text << ") ORDER BY id DESC";
  return listed(session.queryText(text.sql(), text.values()));
}

bool countView(db::Session& session, const View& view) {
  if (!session.find(InsertView, view.video, view.user, view.token_id, view.at)) {
    return false;
  }
  JsonWriter json;
  json.beginObject()
      .member("video_id", view.video)
      .member("creator_id", view.creator)
      .member("viewed_at", view.at)
      .endObject();
  db::record(session, {.type = "video.viewed",
                       .user_id = view.user,
                       .subject = "video:" + std::to_string(view.video),
                       .json = json.take()});
  return true;
}

}  // namespace reeld::playback
