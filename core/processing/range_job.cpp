#include "processing/range_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/segment_publisher.h"
#include "processing/source_file.h"

#include <algorithm>

namespace reeld::processing {

namespace {

Json specOf(const EncodingWork& work, const Range& range, std::int64_t from) {
  Json spec = work.specOf(Making::Encoded);
  spec.set("first_segment", from);
  spec.set("segment_count", range.count ? Json(range.first + *range.count - from) : Json());
  spec.set("poster", range.first == 0 && !work.encoding.poster_key);
  if (work.plan.split) {
    spec.set("seek", true);
  }
  if (work.plan.soundApart()) {
    Json ready = *spec.find("audio");
    ready.set("ready_from", range.first);
    spec.set("audio", std::move(ready));
  }
  return spec;
}

}  // namespace

FileDescriptor RangeJob::openSound(const EncodingWork& work, const Range& range) {
  const auto parts = shop_.database.read(
      [&](db::Session& session) { return soundParts(session, work.encoding.id); });
  const auto part = std::find_if(parts.begin(), parts.end(), [&](const SoundPart& one) {
    return one.first_segment == range.first;
  });
  if (part == parts.end()) {
    throw Error(ErrorCode::Internal,
                "the sound from segment " + std::to_string(range.first) + " on is missing");
  }
  return openSource(shop_.storage, part->storage_key, shop_.work_dir);
}

void RangeJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context);
  const Range range = Range::fromJson(Json::parse(context.job().args));
  const auto published = shop_.database.read([&](db::Session& session) {
    return work.only(Making::Encoded, loadRenditions(session, work.encoding.id));
  });
  const std::int64_t from = resumeAt(range, published);

  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  const auto end = range.count ? std::optional(range.first + *range.count) : std::nullopt;
  SegmentPublisher publisher({work, published, from, end}, context, folder, shop_.storage,
                             shop_.database);
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  FileDescriptor sound;
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = specOf(work, range, from);
  task.inputs = {{"source", source.get()}};
  if (work.plan.soundApart()) {
    sound = openSound(work, range);
    task.inputs.push_back({"sound", sound.get()});
  }
  task.output_dir = folder.path();
  const Report report =
      runTask(context, work, task, folder, [&](const MadeSegment& made) { publisher.take(made); });
  complete(context, work, publisher.made(), report);
}

}  // namespace reeld::processing
