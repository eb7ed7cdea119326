#include "processing/subtitle_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/source_facts.h"
#include "processing/source_file.h"
#include "processing/subtitle_repository.h"
#include "processing/task_output.h"
#include "storage/blob_key.h"
#include "webvtt/cue_sheet.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace reeld::processing {

namespace {

constexpr std::int64_t MostCues = 50'000;
constexpr std::int64_t MostBytes = std::int64_t{4} << 20;
constexpr std::size_t MostTrackNote = 300;

std::vector<SubtitleTrack> wantedOf(const catalog::Source& source) {
  if (!source.facts) {
    return {};
  }
  return wanted(subtitleTracks(SourceFacts::fromJson(Json::parse(*source.facts)).subtitles));
}

Json subtitleSpec(const EncodingWork& work, const std::vector<SubtitleTrack>& tracks) {
  Json::Array streams;
  for (const SubtitleTrack& track : tracks) {
    streams.emplace_back(track.stream);
  }
  Json spec;
  for (const char* name : {"fps", "audio", "limits"}) {
    const Json* found = work.spec.find(name);
    spec.set(name, found != nullptr ? *found : Json());
  }
  spec.set("subtitles", Json::Object{{"streams", std::move(streams)},
                                     {"most_cues", MostCues},
                                     {"most_bytes", MostBytes}});
  return spec;
}

std::string pathOf(const SubtitleTrack& track) {
  return "subtitles/stream_" + std::to_string(track.stream) + ".vtt";
}

std::int64_t countOr0(const Json& json, const char* name) {
  const Json* found = json.find(name);
  return found != nullptr && found->isInteger() ? std::max<std::int64_t>(0, found->integer()) : 0;
}

/// What the encoder says of a track that it could not take out, or not whole.
std::string noteOf(const Json& report, const SubtitleTrack& track) {
  const Json* all = report.find("subtitles");
  for (const Json& one : all != nullptr && all->isArray() ? all->array() : Json::Array()) {
    if (countOr0(one, "stream") != track.stream) {
      continue;
    }
    const Json* decoded = one.find("decoded");
    if (decoded != nullptr && decoded->isBool() && !decoded->boolean()) {
      return "they cannot be decoded";
    }
    const std::int64_t lost = countOr0(one, "dropped") + countOr0(one, "decode_errors");
    return lost == 0 ? "" : std::to_string(lost) + " of them show nothing, or cannot be shown";
  }
  return "";
}

Json parseReport(const TaskFolder& folder, const std::optional<std::string>& path) {
  if (!path) {
    throw Error(ErrorCode::Corrupt, "the encoder ended without a report").reason("crashed");
  }
  return Json::parse(folder.read(*path));
}

}  // namespace

void SubtitleJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context);
  std::vector<SubtitleTrack> tracks = wantedOf(work.source);
  if (!tracks.empty()) {
    make(context, work, tracks);
  }
  shop_.database.transact([&](db::Session& session) {
    if (mayWrite(session, context)) {
      for (const SubtitleTrack& track : tracks) {
        insertSubtitles(session, work.encoding.id, track);
      }
      completePart(session, shop_, context, Json(Json::Object{}));
    }
  });
  context.checkpoint();
}

void SubtitleJob::make(JobContext& context, const EncodingWork& work,
                       std::vector<SubtitleTrack>& tracks) {
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = subtitleSpec(work, tracks);
  task.inputs = {{"source", source.get()}};
  task.output_dir = folder.path();
  std::set<std::string> made;
  std::optional<std::string> report_path;
  const TaskEvents events{
      [&](std::uint32_t permille) { context.progress(static_cast<int>(permille)); },
      [](const MadeSegment&) {},
      [&](const std::string& kind, const std::string& path) {
        if (kind == "subtitles") {
          made.insert(path);
        } else if (kind == "report") {
          report_path = path;
        }
      }};
  shop_.encoder.run(task, events, context.cancelled());
  context.checkpoint();
  const Json report = parseReport(folder, report_path);
  for (SubtitleTrack& track : tracks) {
    track.note = noteOf(report, track);
    if (made.contains(pathOf(track))) {
      store(context, work, folder, pathOf(track), track);
    } else if (track.note.empty()) {
      track.note = "they show nothing";
    }
  }
}

void SubtitleJob::store(JobContext& context, const EncodingWork& work, const TaskFolder& folder,
                        const std::string& path, SubtitleTrack& track) {
  // The child met a stranger's file: what it calls WebVTT must be that.
  const std::string file = folder.read(path, MostBytes);
  track.cues = static_cast<std::int64_t>(webvtt::CueSheet::parse(file).cues().size());
  if (track.cues == 0) {
    return;
  }
  track.bytes = static_cast<std::int64_t>(file.size());
  track.storage_key = storage::subtitlesKey(work.source.video_id, work.encoding.id,
                                            context.lease().token, track.number);
  storeFile(folder, path, shop_.storage, {track.storage_key, webvtt::CueSheet::Type}, file.size());
}

void SubtitleJob::giveUp(db::Session& session, const Job& job, const std::string& stage,
                         const Error& error) {
  const auto encoding = sparedBy(session, job, error);
  if (!encoding) {
    PartJob::giveUp(session, job, stage, error);
    return;
  }
  shop_.log.warning("the subtitles of a video could not be taken out",
                    {{"video", encoding->video_id}, {"error", error.what()}});
  if (const auto source = catalog::findSource(session, encoding->source_id)) {
    for (SubtitleTrack track : wantedOf(*source)) {
      track.note = std::string("they could not be taken out: ") + error.what();
      track.note.resize(std::min(track.note.size(), MostTrackNote));
      insertSubtitles(session, encoding->id, track);
    }
  }
  callForEnd(session, shop_, job, encoding->id);
}

}  // namespace reeld::processing
