#include "processing/encode_job.h"

#include "base/error.h"
#include "catalog/video_poster.h"
#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "processing/encode_queue.h"
#include "processing/encoding_repository.h"
#include "processing/failure_hint.h"
#include "processing/job_repository.h"
#include "processing/source_file.h"
#include "processing/sweep.h"
#include "processing/task_folder.h"
#include "processing/verification.h"

#include <algorithm>

namespace reeld::processing {

struct EncodeJob::Made {
  Report report;
  std::optional<std::string> poster_key;
};

namespace {

/// Another try with this file would end alike.
bool isOfTheSource(const Error& error) {
  return error.code() == ErrorCode::Invalid || error.code() == ErrorCode::Corrupt;
}

}  // namespace

EncodeJob::EncodeJob(EncodeOptions options, Encoder& encoder, storage::Storage& storage,
                     db::Database& database, const Log& log)
    : options_(std::move(options)),
      encoder_(encoder),
      storage_(storage),
      database_(database),
      log_(log) {}

const std::string& EncodeJob::kind() const {
  static const std::string Kind(EncodeKind);
  return Kind;
}

void EncodeJob::prepare() { clearWorkDir(options_.work_dir); }

void EncodeJob::run(JobContext& context) {
  context.enter("probe");
  const catalog::Source source = findSource(context.job());
  if (source.size_bytes == 0) {
    throw Error(ErrorCode::Invalid, "the file is empty");
  }
  const FileDescriptor source_fd = openSource(storage_, source.storage_key, options_.work_dir);
  const Plan planned = plan(context, source, source_fd.get());
  context.enter("encode");
  const SegmentPublisher::Target target = begin(context, source, planned);
  const Made made = encode(context, planned, target, source_fd.get());
  context.enter("verify");
  const std::vector<Rendition> renditions =
      verify(context, planned, target.encoding_id, made.report);
  context.enter("publish");
  finish(context, target, made, renditions);
  sweep(target, context.lease().token);
}

catalog::Source EncodeJob::findSource(const Job& job) {
  const std::int64_t id = Json::parse(job.args).find("source")->integer();
  auto source =
      database_.readOne([&](db::Session& session) { return catalog::findSource(session, id); });
  if (!source) {
    throw Error(ErrorCode::NotFound, "source " + std::to_string(id) + " is gone");
  }
  return std::move(*source);
}

Plan EncodeJob::plan(JobContext& context, const catalog::Source& source, int source_fd) {
  const Json facts = encoder_.probe(source_fd);
  context.checkpoint();
  database_.transact([&](db::Session& session) {
    fence(session, context.lease());
    catalog::setSourceFacts(session, source.id, facts.dump());
  });
  return planFor(SourceFacts::fromJson(facts), options_.ladder);
}

SegmentPublisher::Target EncodeJob::begin(JobContext& context, const catalog::Source& source,
                                          const Plan& planned) {
  Encoding encoding;
  encoding.video_id = source.video_id;
  encoding.source_id = source.id;
  encoding.settings_hash = settingsHash(planned, options_.ladder);
  encoding.plan = planned.toJson().dump();
  return database_.transact([&](db::Session& session) {
    fence(session, context.lease());
    abandonGrowing(session, source.video_id);
    SegmentPublisher::Target target{
        source.video_id, insertEncoding(session, encoding), {}, planned.audio_only};
    for (const Rung& rung : planned.rungs) {
      Rendition rendition;
      rendition.name = rung.name;
      rendition.width = rung.width;
      rendition.height = rung.height;
      target.renditions[rung.name] = insertRendition(session, target.encoding_id, rendition);
    }
    return target;
  });
}

EncodeJob::Made EncodeJob::encode(JobContext& context, const Plan& planned,
                                  const SegmentPublisher::Target& target, int source_fd) {
  const TaskFolder folder(options_.work_dir, context.job().id, context.lease().token);
  SegmentPublisher publisher(target, context.lease(), folder, storage_, database_);
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = planned.spec(options_.ladder);
  task.inputs = {{"source", source_fd}};
  task.output_dir = folder.path();
  std::optional<std::string> report_path;
  Made made;
  const TaskEvents events{
      [&](std::uint32_t permille) { context.progress(static_cast<int>(permille)); },
      [&](const MadeSegment& made_segment) {
        context.enter("verify");
        const Segment checked = publisher.check(made_segment);
        context.enter("encode");
        publisher.publish(made_segment, checked);
      },
      [&](const std::string& kind, const std::string& path) {
        if (kind == "poster") {
          made.poster_key = publisher.storePoster(path);
        } else if (kind == "report") {
          report_path = path;
        }
      }};
  encoder_.run(task, events, context.cancelled());
  if (!report_path) {
    throw Error(ErrorCode::Corrupt, "the encoder ended without a report").reason("crashed");
  }
  made.report = Report::parse(folder.read(*report_path));
  return made;
}

std::vector<Rendition> EncodeJob::verify(JobContext& context, const Plan& planned,
                                         EncodingId encoding, const Report& report) {
  auto renditions =
      database_.read([&](db::Session& session) { return loadRenditions(session, encoding); });
  // Wrong rows are the encoder's doing and would come again; wrong objects are storage's and may
  // not.
  if (const auto problems = checkRows(planned, renditions, &report); !problems.empty()) {
    throw Error(ErrorCode::Corrupt, "what the encoder made is not whole: " + problems.front())
        .reason("crashed");
  }
  if (const auto problems = checkObjects(storage_, renditions); !problems.empty()) {
    throw Error(ErrorCode::Internal, "what was stored is not whole: " + problems.front());
  }
  context.checkpoint();
  measure(planned, report, renditions);
  database_.transact([&](db::Session& session) {
    fence(session, context.lease());
    for (const Rendition& rendition : renditions) {
      setMeasured(session, rendition);
    }
    setComplete(session, encoding, durationMs(renditions), report.damaged);
  });
  return renditions;
}

void EncodeJob::finish(JobContext& context, const SegmentPublisher::Target& target,
                       const Made& made, const std::vector<Rendition>& renditions) {
  database_.transact([&](db::Session& session) {
    fence(session, context.lease());
    const EpochMs now = session.now();
    Encoding encoding;
    encoding.id = target.encoding_id;
    encoding.video_id = target.video_id;
    markEncodingReady(session, encoding);
    if (made.poster_key) {
      const auto before = catalog::setMadePoster(session, target.video_id, *made.poster_key, now);
      removeLater(session, target.video_id, before ? Keys{*before} : Keys{});
    }
    // False when an administrator was faster: what he pushed was this same, complete encoding.
    catalog::markReady(session, target.video_id,
                       {target.encoding_id, durationMs(renditions), made.report.damaged}, now);
    completeJob(session, context.lease());
  });
}

void EncodeJob::giveUp(db::Session& session, const Job& job, const std::string& stage,
                       const Error& error) {
  if (!job.video_id) {
    return;
  }
  abandonGrowing(session, *job.video_id);
  session.afterCommit(
      [this, video = *job.video_id, failed = failedEncodings(session, *job.video_id)] {
        guardedSweep(video, [&] { sweepEncodings(storage_, video, failed); });
      });
  if (catalog::markFailed(session, *job.video_id, describeFailure(stage, error), session.now()) &&
      isOfTheSource(error)) {
    dropRejected(session, *job.video_id);
  }
}

void EncodeJob::dropRejected(db::Session& session, std::int64_t video) {
  removeLater(session, video, catalog::dropSourcesAfterPlaying(session, video));
}

void EncodeJob::removeLater(db::Session& session, std::int64_t video, const Keys& keys) {
  session.afterCommit([this, video, keys] {
    guardedSweep(video, [&] {
      for (const std::string& key : keys) {
        storage_.remove(key);
      }
    });
  });
}

void EncodeJob::sweep(const SegmentPublisher::Target& target, const std::string& lease_token) {
  guardedSweep(target.video_id, [&] {
    const auto failed = database_.read(
        [&](db::Session& session) { return failedEncodings(session, target.video_id); });
    sweepEncodings(storage_, target.video_id, failed);
    sweepOtherLeases(storage_, target.video_id, target.encoding_id, lease_token);
  });
}

void EncodeJob::guardedSweep(std::int64_t video, const std::function<void()>& sweeping) const {
  try {
    sweeping();
  } catch (const Error& error) {
    // What is left over costs room and nothing else; the next job of the video sweeps again.
    log_.warning("cannot sweep what dead tasks left", {{"video", video}, {"error", error.what()}});
  }
}

}  // namespace reeld::processing
