#include "processing/sound_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/report.h"
#include "processing/source_file.h"
#include "processing/task_output.h"
#include "storage/blob_key.h"

#include <algorithm>
#include <set>

namespace reeld::processing {

struct SoundJob::Parts {
  const TaskFolder& folder;
  std::vector<Range> ranges;         ///< each has a part
  std::set<std::int64_t> published;  ///< by first segment
  bool has_published = false;        ///< in this life
};

namespace {

Json specOf(const EncodingWork& work, const std::vector<Range>& ranges) {
  Json::Array parts;
  for (const Range& range : ranges) {
    parts.emplace_back(range.first);
  }
  Json spec = work.spec;
  spec.set("rungs", Json::Array{});
  spec.set("sound_parts", std::move(parts));
  spec.set("poster", false);
  return spec;
}

}  // namespace

void SoundJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context);
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  Parts parts{folder, rangesOf(work.plan), {}};
  for (const SoundPart& part : shop_.database.read(
           [&](db::Session& session) { return soundParts(session, work.encoding.id); })) {
    parts.published.insert(part.first_segment);
  }
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = specOf(work, parts.ranges);
  task.inputs = {{"source", source.get()}};
  task.output_dir = folder.path();
  std::optional<std::string> report_path;
  const TaskEvents events{
      [&](std::uint32_t permille) { context.progress(static_cast<int>(permille)); },
      [&](const MadeSegment& made) { publish(context, work, parts, made); },
      [&](const std::string& kind, const std::string& path) {
        if (kind == "report") {
          report_path = path;
        }
      }};
  shop_.encoder.run(task, events, context.cancelled());
  context.checkpoint();
  if (!report_path || parts.published.size() != parts.ranges.size()) {
    throw Error(ErrorCode::Corrupt, "the encoder made " + std::to_string(parts.published.size()) +
                                        " parts of the sound, not " +
                                        std::to_string(parts.ranges.size()))
        .reason("crashed");
  }
  Json result;
  result.set("damaged", Report::parse(folder.read(*report_path)).damaged);
  shop_.database.transact([&](db::Session& session) {
    if (mayWrite(session, context)) {
      completePart(session, shop_, context, result);
    }
  });
  context.checkpoint();
}

void SoundJob::publish(JobContext& context, const EncodingWork& work, Parts& parts,
                       const MadeSegment& made) {
  const auto range = std::find_if(parts.ranges.begin(), parts.ranges.end(),
                                  [&](const Range& one) { return one.first == made.index; });
  if (range == parts.ranges.end() || made.rendition != "sound" || made.format != "aac") {
    throw Error(ErrorCode::Corrupt, "the encoder made " + made.rendition + " as " + made.format +
                                        " for segment " + std::to_string(made.index) +
                                        ", which nobody asked for")
        .reason("crashed");
  }
  if (parts.published.contains(range->first)) {
    parts.folder.remove(made.path);
    return;
  }
  const SoundPart part{range->first, static_cast<std::int64_t>(made.bytes),
                       storage::soundKey(work.source.video_id, work.encoding.id,
                                         context.lease().token, range->first)};
  storeFile(parts.folder, made.path, shop_.storage, {part.storage_key, "audio/aac"}, made.bytes);
  shop_.database.transact([&](db::Session& session) {
    if (mayWrite(session, context)) {
      insertSoundPart(session, work.encoding.id, part);
      enqueueRange(session, shop_, context.job(), work.encoding.id, *range);
      if (!parts.has_published) {
        restartTries(session, context.lease());
      }
    }
  });
  parts.published.insert(range->first);
  if (!parts.has_published) {
    context.restartedTries();
    parts.has_published = true;
  }
}

}  // namespace reeld::processing
