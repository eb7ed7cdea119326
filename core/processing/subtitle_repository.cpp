#include "processing/subtitle_repository.h"

#include "base/json.h"

namespace reeld::processing {

namespace {

const db::Statement InsertSubtitle{R"(
  INSERT INTO subtitles (encoding_id, number, language, name, is_default, is_forced,
                         for_hearing_impaired, cues, bytes, storage_key, note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (encoding_id, number) DO NOTHING)"};

const db::Statement SubtitlesOf{R"(
  SELECT number, language, name, is_default, is_forced, for_hearing_impaired, cues, bytes,
         storage_key, note
  FROM subtitles WHERE encoding_id = $1 ORDER BY number)"};

const db::Statement DropSubtitles{"DELETE FROM subtitles WHERE encoding_id = $1"};

}  // namespace

void insertSubtitles(db::Session& session, EncodingId encoding, const SubtitleTrack& track) {
  const auto key = track.storage_key.empty() ? std::nullopt : std::optional(track.storage_key);
  session.execute(InsertSubtitle, encoding, track.number, track.language, track.name,
                  track.is_default, track.is_forced, track.for_hearing_impaired, track.cues,
                  track.bytes, key, track.note);
}

std::vector<SubtitleTrack> subtitlesOf(db::Session& session, EncodingId encoding) {
  std::vector<SubtitleTrack> tracks;
  for (const db::Row& row : session.query(SubtitlesOf, encoding)) {
    SubtitleTrack& track = tracks.emplace_back();
    track.number = row.integer(0);
    track.language = row.text(1);
    track.name = row.text(2);
    track.is_default = row.flag(3);
    track.is_forced = row.flag(4);
    track.for_hearing_impaired = row.flag(5);
    track.cues = row.integer(6);
    track.bytes = row.integer(7);
    track.storage_key = row.maybeText(8).value_or("");
    track.note = row.text(9);
  }
  return tracks;
}

void dropSubtitles(db::Session& session, EncodingId encoding) {
  session.execute(DropSubtitles, encoding);
}

std::string subtitlesJson(const std::vector<SubtitleTrack>& tracks) {
  JsonWriter json;
  json.beginArray();
  for (const SubtitleTrack& track : tracks) {
    if (track.storage_key.empty()) {
      continue;
    }
    json.beginObject().key("language");
    track.language.empty() ? json.null() : json.value(track.language);
    json.member("name", track.name)
        .member("default", track.is_default)
        .member("forced", track.is_forced)
        .member("hearing_impaired", track.for_hearing_impaired)
        .endObject();
  }
  json.endArray();
  return json.take();
}

}  // namespace reeld::processing
