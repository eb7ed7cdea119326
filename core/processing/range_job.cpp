#include "processing/range_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/source_file.h"
#include "processing/verification.h"

#include <algorithm>
#include <set>

namespace reeld::processing {

namespace {

Json specOf(const EncodingWork& work, const Range& range, std::int64_t from) {
  Json spec = work.spec;
  spec.set("first_segment", from);
  spec.set("segment_count", range.count ? Json(range.first + *range.count - from) : Json());
  spec.set("poster", range.first == 0 && !work.encoding.poster_key);
  if (work.plan.split) {
    spec.set("seek", true);
    // Found now: what is set moves what was found before it.
    const Json* audio = spec.find("audio");
    if (audio != nullptr && !audio->isNull()) {
      Json ready = *audio;
      ready.set("ready_from", range.first);
      spec.set("audio", std::move(ready));
    }
  }
  return spec;
}

std::int64_t audioBitrate(const Json& spec) {
  const Json* audio = spec.find("audio");
  return audio == nullptr || audio->isNull() ? 0 : audio->find("bitrate")->integer();
}

Json resultOf(const Report& report) {
  Json codecs{Json::Object{}};
  for (const RenditionReport& rendition : report.renditions) {
    codecs.set(rendition.name, rendition.codecs);
  }
  Json result;
  result.set("damaged", report.damaged);
  result.set("codecs", std::move(codecs));
  return result;
}

}  // namespace

std::int64_t resumeAt(const Range& range, const std::vector<Rendition>& published) {
  std::optional<std::int64_t> next;
  for (const Rendition& rendition : published) {
    std::set<std::int64_t> numbers;
    for (const Segment& segment : rendition.segments) {
      numbers.insert(segment.number);
    }
    std::int64_t missing = range.first;
    while (numbers.contains(missing)) {
      ++missing;
    }
    next = std::min(next.value_or(missing), missing);
  }
  // Where an open range ends is the encoder's to say.
  const std::int64_t reached = next.value_or(range.first);
  const std::int64_t last = range.count ? range.first + *range.count - 1 : reached - 1;
  return std::max(range.first, std::min(reached, last));
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
  const Range range = Range::fromJson(Json::parse(context.job().args));
  const auto published = shop_.database.read(
      [&](db::Session& session) { return loadRenditions(session, work.encoding.id); });
  const std::int64_t from = resumeAt(range, published);

  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  const auto end = range.count ? std::optional(range.first + *range.count) : std::nullopt;
  SegmentPublisher publisher({work.source.video_id, work.encoding.id, published, work.plan,
                              audioBitrate(work.spec), from, end},
                             context, folder, shop_.storage, shop_.database);
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  FileDescriptor sound;
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = specOf(work, range, from);
  task.inputs = {{"source", source.get()}};
  if (work.plan.split && work.plan.audio_stream) {
    sound = openSound(work, range);
    task.inputs.push_back({"sound", sound.get()});
  }
  task.output_dir = folder.path();
  const Report report = encode(context, work, task, publisher, folder);
  context.checkpoint();
  if (const auto problems = checkReport(work.plan, publisher.made(), report); !problems.empty()) {
    context.enter("verify");
    throw Error(ErrorCode::Corrupt, "what the encoder made is not whole: " + problems.front())
        .reason("crashed");
  }
  shop_.database.transact([&](db::Session& session) {
    if (mayWrite(session, context)) {
      completePart(session, shop_, context, resultOf(report));
    }
  });
  context.checkpoint();
}

Report RangeJob::encode(JobContext& context, const EncodingWork& work, const Task& task,
                        SegmentPublisher& publisher, const TaskFolder& folder) {
  std::optional<std::string> report_path;
  const TaskEvents events{
      [&](std::uint32_t permille) { context.progress(static_cast<int>(permille)); },
      [&](const MadeSegment& made) {
        context.enter("verify");
        const auto checked = publisher.check(made);
        context.enter("encode");
        publisher.publish(made, checked);
      },
      [&](const std::string& kind, const std::string& path) {
        if (kind == "poster") {
          const std::string key = publisher.storePoster(path);
          shop_.database.transact([&](db::Session& session) {
            if (mayWrite(session, context)) {
              setEncodingPoster(session, work.encoding.id, key);
            }
          });
        } else if (kind == "report") {
          report_path = path;
        }
      }};
  shop_.encoder.run(task, events, context.cancelled());
  if (!report_path) {
    throw Error(ErrorCode::Corrupt, "the encoder ended without a report").reason("crashed");
  }
  return Report::parse(folder.read(*report_path));
}

}  // namespace reeld::processing
