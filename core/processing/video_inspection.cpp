#include "processing/video_inspection.h"

#include "base/error.h"
#include "catalog/source.h"
#include "catalog/video_repository.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/ladder.h"
#include "processing/sound_story.h"
#include "processing/storyboard_repository.h"
#include "processing/subtitle_repository.h"
#include "processing/verification.h"

#include <iterator>

namespace reeld::processing {

struct VideoInspection::Found {
  std::vector<Rendition> renditions;
  std::vector<SubtitleTrack> subtitles;
  std::optional<Storyboard> storyboard;
  std::vector<std::string> problems;
};

namespace {

/// Where the key frames lie is thousands of numbers; how many there are is enough to read.
std::string readable(const std::string& facts) {
  Json json = Json::parse(facts);
  const Json* found = json.find("video");
  if (found == nullptr || found->isNull()) {
    return facts;
  }
  Json video = *found;
  for (const char* list : {"key_frames", "copyable"}) {
    const Json* all = video.find(list);
    if (all != nullptr && all->isArray()) {
      video.set(list, static_cast<std::int64_t>(all->array().size()));
    }
  }
  json.set("video", std::move(video));
  return json.dump();
}

std::string sentenceOf(const SubtitleTrack& track) {
  std::string sentence = "subtitles " + std::to_string(track.number) + " (" +
                         (track.language.empty() ? "unknown language" : track.language) + ", \"" +
                         track.name + "\")";
  if (track.storage_key.empty()) {
    return sentence + " are left out: " + track.note;
  }
  return sentence + ": " + std::to_string(track.cues) + " cues" +
         (track.note.empty() ? "" : "; " + track.note);
}

std::string sentenceOf(const Storyboard& board) {
  if (board.pictures == 0) {
    return "there is no storyboard: " + board.note;
  }
  return "storyboard: " + std::to_string(board.pictures) + " pictures on " +
         std::to_string(board.sheets.size()) + " sheets" +
         (board.note.empty() ? "" : "; " + board.note);
}

void checkStoryboard(storage::Storage& storage, const Storyboard& board,
                     std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < board.sheets.size(); ++i) {
    const auto object = storage.stat(board.sheets[i].storage_key);
    if (!object || static_cast<std::int64_t>(object->size) != board.sheets[i].bytes) {
      problems.push_back("sheet " + std::to_string(i) + " of the storyboard is " +
                         (object ? "not of the size it was stored with" : "missing"));
    }
  }
}

void checkSubtitles(storage::Storage& storage, const std::vector<SubtitleTrack>& tracks,
                    std::vector<std::string>& problems) {
  for (const SubtitleTrack& track : tracks) {
    if (track.storage_key.empty()) {
      continue;
    }
    const auto object = storage.stat(track.storage_key);
    if (!object || static_cast<std::int64_t>(object->size) != track.bytes) {
      problems.push_back("subtitles " + std::to_string(track.number) +
                         (object ? " are not of the size they were stored with" : " are missing"));
    }
  }
}

void append(std::vector<std::string>& problems, std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(problems));
}

}  // namespace

VideoInspection::Found VideoInspection::inspect(const Encoding& encoding) {
  Found found;
  std::vector<Rendition> alternates;
  database_.read([&](db::Session& session) {
    found.renditions = loadRenditions(session, encoding.id);
    found.subtitles = subtitlesOf(session, encoding.id);
    found.storyboard = storyboardOf(session, encoding.id);
    alternates = loadAlternates(session, encoding.id);
  });
  std::erase_if(alternates, [](const Rendition& one) { return one.segments.empty(); });
  if (encoding.state == EncodingState::Failed || encoding.duration_ms <= 0) {
    found.problems.emplace_back(encoding.state == EncodingState::Failed
                                    ? "the encoding was given up"
                                    : "the encoding is not finished");
    return found;
  }
  const Plan plan = Plan::fromJson(Json::parse(encoding.plan));
  found.problems = checkRows(plan, found.renditions);
  for (const Rendition& alternate : alternates) {
    if (found.problems.empty()) {
      append(found.problems, checkAlternate(found.renditions.front(), alternate));
    }
    found.renditions.push_back(alternate);
  }
  checkSubtitles(storage_, found.subtitles, found.problems);
  if (found.storyboard) {
    checkStoryboard(storage_, *found.storyboard, found.problems);
  }
  append(found.problems, checkBytes(storage_, found.renditions));
  return found;
}

catalog::Video VideoInspection::find(catalog::VideoId id) {
  auto video = database_.read(
      [&](db::Session& session) { return catalog::findVideoEvenDeleted(session, id); });
  if (!video) {
    throw Error(ErrorCode::NotFound, "there is no video " + std::to_string(id));
  }
  return std::move(*video);
}

std::variant<catalog::Finished, std::string> VideoInspection::verify(const catalog::Video& video) {
  const auto encoding =
      database_.read([&](db::Session& session) { return newestEncoding(session, video.id); });
  if (!encoding || encoding->state == EncodingState::Failed) {
    return std::string("nothing has been made of its source yet");
  }
  const Found found = inspect(*encoding);
  if (!found.problems.empty()) {
    return found.problems.front();
  }
  return catalog::Finished{encoding->id, encoding->duration_ms, encoding->damaged,
                           subtitlesJson(found.subtitles)};
}

Json VideoInspection::verify(catalog::VideoId id, const Closer& closer) {
  const catalog::Video video = find(id);
  const auto encoding = database_.read([&](db::Session& session) {
    return video.current_encoding ? findEncoding(session, *video.current_encoding)
                                  : newestEncoding(session, id);
  });
  Found found;
  if (encoding) {
    found = inspect(*encoding);
  } else {
    found.problems.emplace_back("nothing has been made of its source yet");
  }
  const bool looks_closer = closer && found.problems.empty();
  if (looks_closer) {
    found.problems = closer(found.renditions);
  }
  std::int64_t segments = 0;
  std::int64_t bytes = 0;
  for (const Rendition& rendition : found.renditions) {
    for (const Segment& segment : rendition.segments) {
      ++segments;
      bytes += segment.bytes;
    }
  }
  Json::Array problems;
  for (const std::string& problem : found.problems) {
    problems.emplace_back(problem);
  }
  Json json;
  json.set("id", id);
  json.set("ok", found.problems.empty());
  json.set("encoding", encoding ? Json(encoding->id) : Json());
  json.set("renditions", static_cast<std::int64_t>(found.renditions.size()));
  json.set("segments", segments);
  json.set("bytes", bytes);
  json.set("decoded", looks_closer);
  json.set("problems", std::move(problems));
  return json;
}

Json VideoInspection::why(catalog::VideoId id) {
  const catalog::Video video = find(id);
  Json::Array steps;
  const auto say = [&](const std::string& sentence) { steps.emplace_back(sentence); };
  database_.read([&](db::Session& session) {
    const auto source = catalog::newestSource(session, id);
    if (!source) {
      say("no file has been uploaded");
      return;
    }
    say("source " + std::to_string(source->id) + ": " + std::to_string(source->size_bytes) +
        " bytes, " + (source->facts ? "probed: " + readable(*source->facts) : "not probed yet"));
    if (const auto job = newestJobOf(session, id)) {
      say("job " + std::to_string(job->id) + " is " + std::string(word(job->state)) + ", try " +
          std::to_string(job->attempt) + " of " + std::to_string(job->max_attempts) +
          (job->crashes > 0 ? ", " + std::to_string(job->crashes) + " crashes" : "") +
          (job->losses > 0 ? ", its daemon was gone " + std::to_string(job->losses) + " times"
                           : "") +
          (job->state == JobState::Running
               ? ", " + std::to_string(job->progress_permille / 10) + " % on " + job->locked_by
               : "") +
          (job->last_error.empty() ? "" : ", last error: " + job->last_error));
    }
    if (const auto encoding = newestEncoding(session, id)) {
      std::string sentence =
          "encoding " + std::to_string(encoding->id) + " is " + std::string(word(encoding->state));
      for (const Rendition& rendition : loadRenditions(session, encoding->id)) {
        sentence +=
            ", " + rendition.name + ": " + std::to_string(rendition.segments.size()) + " segments";
      }
      say(sentence);
      for (const SubtitleTrack& track : subtitlesOf(session, encoding->id)) {
        say(sentenceOf(track));
      }
      for (const std::string& told : tellSounds(session, *encoding)) {
        say(told);
      }
      if (const auto board = storyboardOf(session, encoding->id)) {
        say(sentenceOf(*board));
      }
    }
  });
  if (video.failure) {
    say("failed at " + video.failure->stage + ": " + video.failure->cause);
    say("its owner is told: " + video.failure->hint);
  }
  Json json;
  json.set("id", id);
  json.set("title", video.title);
  json.set("state", catalog::word(video.state));
  json.set("damaged", video.damaged);
  json.set("playable", video.playable());
  json.set("deleted", video.deleted_at.has_value());
  json.set("steps", std::move(steps));
  return json;
}

Json toJson(const Job& job) {
  Json json;
  json.set("id", job.id);
  json.set("kind", job.kind);
  json.set("video_id", job.video_id ? Json(*job.video_id) : Json());
  json.set("state", word(job.state));
  json.set("attempt", job.attempt);
  json.set("max_attempts", job.max_attempts);
  json.set("crashes", job.crashes);
  json.set("losses", job.losses);
  json.set("progress_permille", job.progress_permille);
  json.set("locked_by", job.locked_by);
  json.set("last_error", job.last_error);
  json.set("run_at", job.run_at);
  json.set("created_at", job.created_at);
  json.set("finished_at", job.finished_at ? Json(*job.finished_at) : Json());
  return json;
}

}  // namespace reeld::processing
