#include "processing/alternate_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/segment_publisher.h"
#include "processing/source_file.h"
#include "processing/verification.h"

#include <algorithm>
#include <cmath>

namespace reeld::processing {

struct AlternateJob::Track {
  Sound sound;
  Rendition rendition;      ///< with what is published of it
  std::int64_t frames = 0;  ///< of the whole title
};

namespace {

const Sound& soundOf(const Plan& plan, const Job& job) {
  const Json args = Json::parse(job.args);
  const Json* name = args.find("sound");
  const auto found =
      std::find_if(plan.sounds.alternates.begin(), plan.sounds.alternates.end(),
                   [&](const Sound& one) { return name != nullptr && one.name == name->text(); });
  if (found == plan.sounds.alternates.end() || !plan.sounds.main) {
    throw Error(ErrorCode::Corrupt, "job " + std::to_string(job.id) + " names no sound");
  }
  return *found;
}

/// What of it was published goes; its objects are swept with the end of the encoding.
void leaveOut(db::Session& session, EncodingId encoding, const std::string& name) {
  for (const Rendition& rendition : loadAlternates(session, encoding)) {
    if (rendition.name == name) {
      dropSegments(session, rendition.id);
    }
  }
}

}  // namespace

AlternateJob::Track AlternateJob::openTrack(const EncodingWork& work, const Job& job) {
  Track track;
  track.sound = soundOf(work.plan, job);
  const auto [title, alternates] = shop_.database.read([&](db::Session& session) {
    return std::pair(loadRenditions(session, work.encoding.id),
                     loadAlternates(session, work.encoding.id));
  });
  const auto found = std::find_if(alternates.begin(), alternates.end(), [&](const Rendition& one) {
    return one.name == track.sound.name;
  });
  if (found == alternates.end() || title.empty() || title.front().segments.empty()) {
    throw Error(ErrorCode::Corrupt, "there is no rendition " + track.sound.name);
  }
  track.rendition = *found;
  const Segment& last = title.front().segments.back();
  track.frames = std::llround(static_cast<double>(last.start_us + last.duration_us) *
                              work.plan.fps.value() / 1'000'000);
  return track;
}

Json AlternateJob::specOf(const EncodingWork& work, const Track& track, std::int64_t from) const {
  Json rung;
  rung.set("name", track.sound.name);
  Json audio = *work.spec.find("audio");
  audio.set("stream", track.sound.stream);
  audio.set("beside", work.plan.sounds.main->stream);
  Json spec = work.spec;
  spec.set("rungs", Json::Array{std::move(rung)});
  spec.set("audio", std::move(audio));
  spec.set("frames", track.frames);
  spec.set("first_segment", from);
  spec.set("poster", false);
  return spec;
}

void AlternateJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context);
  const Track track = openTrack(work, context.job());
  const std::int64_t from = resumeAt({}, {track.rendition});
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  SegmentPublisher publisher({work, {track.rendition}, from, std::nullopt, false, false}, context,
                             folder, shop_.storage, shop_.database);
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = specOf(work, track, from);
  task.inputs = {{"source", source.get()}};
  task.output_dir = folder.path();
  Report report =
      runTask(context, work, task, folder, [&](const MadeSegment& made) { publisher.take(made); });
  requireOnGrid(work, track);
  // What is damaged of a track that few hear says nothing of the title.
  report.damaged = false;
  complete(context, publisher.made(), report);
}

void AlternateJob::requireOnGrid(const EncodingWork& work, const Track& track) {
  const auto [title, alternates] = shop_.database.read([&](db::Session& session) {
    return std::pair(loadRenditions(session, work.encoding.id),
                     loadAlternates(session, work.encoding.id));
  });
  for (const Rendition& made : alternates) {
    if (made.id != track.rendition.id) {
      continue;
    }
    if (const auto problems = checkAlternate(title.front(), made); !problems.empty()) {
      throw Error(ErrorCode::Corrupt, "what the encoder made is not whole: " + problems.front())
          .reason("crashed");
    }
  }
}

void AlternateJob::giveUp(db::Session& session, const Job& job, const std::string& stage,
                          const Error& error) {
  const auto encoding = sparedBy(session, job, error);
  if (!encoding) {
    PartJob::giveUp(session, job, stage, error);
    return;
  }
  const Plan plan = Plan::fromJson(Json::parse(encoding->plan));
  const std::string name = soundOf(plan, job).name;
  shop_.log.warning("a track of sound is left out",
                    {{"video", encoding->video_id}, {"sound", name}, {"error", error.what()}});
  leaveOut(session, encoding->id, name);
  callForEnd(session, shop_, job, encoding->id);
}

}  // namespace reeld::processing
