#include "processing/range_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/segment_publisher.h"
#include "processing/source_file.h"

#include <algorithm>

namespace reeld::processing {

Range RangeJob::rangeOf(const Job& job) const {
  return extent_ == Extent::Beginning ? Range{0, 1} : Range::fromJson(Json::parse(job.args));
}

RungNames RangeJob::rungsOf(const Plan& plan) const {
  return extent_ == Extent::Beginning ? RungNames{plan.rungs.front().name}
                                      : plan.names(Making::Encoded);
}

Json RangeJob::specOf(const EncodingWork& work, const Range& range, std::int64_t from) const {
  Json spec = work.specOf(rungsOf(work.plan));
  const bool is_beginning = extent_ == Extent::Beginning;
  spec.set("first_segment", from);
  spec.set("segment_count", range.count ? Json(range.first + *range.count - from) : Json());
  spec.set("poster", !is_beginning && range.first == 0 && !work.encoding.poster_key);
  spec.set("beginning_apart", !is_beginning && range.first == 0 && work.plan.hasBeginning());
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
  const Range range = rangeOf(context.job());
  const auto published = shop_.database.read([&](db::Session& session) {
    return EncodingWork::only(rungsOf(work.plan), loadRenditions(session, work.encoding.id));
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
  if (work.plan.copies() && report.damaged) {
    encodeInstead(context, work, "it does not decode without errors");
    return;
  }
  complete(context, publisher.made(), report);
}

void RangeJob::giveUp(db::Session& session, const Job& job, const std::string& stage,
                      const Error& error) {
  const auto encoding = extent_ == Extent::Beginning ? sparedBy(session, job, error) : std::nullopt;
  if (!encoding) {
    PartJob::giveUp(session, job, stage, error);
    return;
  }
  // Its range makes the segment, too; what it fails with for the source's sake ends the title
  // there.
  shop_.log.warning("the beginning of a video could not be made by itself",
                    {{"video", encoding->video_id}, {"error", error.what()}});
  callForEnd(session, shop_, job, encoding->id);
}

}  // namespace reeld::processing
