#include "processing/copy_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/segment_publisher.h"
#include "processing/sound_publisher.h"
#include "processing/source_file.h"

namespace reeld::processing {

namespace {

Json copySpec(const EncodingWork& work, const Json& sound_parts, std::int64_t from) {
  Json spec = work.specOf(work.plan.names(Making::Copied));
  spec.set("first_segment", from);
  if (!sound_parts.array().empty()) {
    spec.set("sound_parts", sound_parts);
  }
  // Where others are encoded, the first range has more pictures to choose from.
  spec.set("decode_all", work.plan.count(Making::Encoded) == 0);
  spec.set("poster", work.plan.count(Making::Encoded) == 0 && !work.encoding.poster_key);
  return spec;
}

}  // namespace

void CopyJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context);
  const auto published = shop_.database.read([&](db::Session& session) {
    return EncodingWork::only(work.plan.names(Making::Copied),
                              loadRenditions(session, work.encoding.id));
  });
  const std::int64_t from = resumeAt({}, published);
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  SoundPublisher sound(shop_, context, work, folder);
  // Beside encoding it is nothing, and says nothing of how long that will take.
  const bool is_progress = work.plan.count(Making::Encoded) == 0;
  SegmentPublisher pictures({work, published, from, std::nullopt, is_progress}, context, folder,
                            shop_.storage, shop_.database);
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = copySpec(work, sound.parts(), from);
  task.inputs = {{"source", source.get()}};
  task.output_dir = folder.path();
  const Report report = runTask(context, work, task, folder, [&](const MadeSegment& made) {
    if (made.rendition == "sound") {
      sound.take(made);
    } else {
      pictures.take(made);
    }
  });
  if (!report.refused.empty()) {
    encodeInstead(context, work, report.refused);
    return;
  }
  sound.requireAll();
  complete(context, pictures.made(), report);
}

void CopyJob::giveUp(db::Session& session, const Job& job, const std::string& stage,
                     const Error& error) {
  const auto encoding =
      job.encoding_id ? findEncoding(session, *job.encoding_id) : std::optional<Encoding>();
  const bool is_wanted = encoding && encoding->state == EncodingState::Growing;
  if (!is_wanted || isCancelled(job, error)) {
    PartJob::giveUp(session, job, stage, error);
    return;
  }
  shop_.log.warning("a source could not be copied and is encoded",
                    {{"video", encoding->video_id}, {"error", error.what()}});
  planAnew(session, job, *encoding);
}

}  // namespace reeld::processing
