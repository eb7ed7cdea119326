#include "processing/part_job.h"

#include "base/error.h"
#include "processing/encode_queue.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/task_output.h"
#include "processing/verification.h"
#include "storage/blob_key.h"

#include <optional>

namespace reeld::processing {

namespace {

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

Report PartJob::runTask(JobContext& context, const EncodingWork& work, const Task& task,
                        const TaskFolder& folder, const OnSegment& on_segment) {
  std::optional<std::string> report_path;
  const TaskEvents events{
      [&](std::uint32_t permille) { context.progress(static_cast<int>(permille)); }, on_segment,
      [&](const std::string& kind, const std::string& path) {
        if (kind == "poster") {
          takePoster(context, work, folder, path);
        } else if (kind == "report") {
          report_path = path;
        }
      }};
  shop_.encoder.run(task, events, context.cancelled());
  context.checkpoint();
  if (!report_path) {
    throw Error(ErrorCode::Corrupt, "the encoder ended without a report").reason("crashed");
  }
  return Report::parse(folder.read(*report_path));
}

void PartJob::takePoster(JobContext& context, const EncodingWork& work, const TaskFolder& folder,
                         const std::string& path) {
  const std::string key = storage::posterKey(work.source.video_id, context.lease().token);
  storeFile(folder, path, shop_.storage, {key, "image/jpeg"}, std::nullopt);
  nameStored(shop_.storage, key, [&] {
    shop_.database.transact([&](db::Session& session) {
      if (mayWrite(session, context)) {
        setEncodingPoster(session, work.encoding.id, key);
      }
    });
  });
}

void PartJob::complete(JobContext& context, const std::vector<Rendition>& made,
                       const Report& report) {
  if (const auto problems = checkReport(made, report); !problems.empty()) {
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

bool PartJob::isCancelled(const Job& job, const Error& error) noexcept {
  return error.code() == ErrorCode::Cancelled || job.cancel_asked ||
         job.state == JobState::Cancelled;
}

std::optional<Encoding> PartJob::sparedBy(db::Session& session, const Job& job,
                                          const Error& error) {
  auto encoding = job.encoding_id ? findEncoding(session, *job.encoding_id) : std::nullopt;
  const bool is_spared =
      encoding && encoding->state == EncodingState::Growing && !isCancelled(job, error);
  return is_spared ? encoding : std::nullopt;
}

void PartJob::encodeInstead(JobContext& context, const EncodingWork& work, const std::string& why) {
  shop_.log.info("a source is encoded that was to be copied",
                 {{"video", work.source.video_id}, {"source", work.source.id}, {"reason", why}});
  shop_.database.transact([&](db::Session& session) {
    if (mayWrite(session, context)) {
      completeJob(session, context.lease());
      planAnew(session, context.job(), work.encoding);
    }
  });
  context.checkpoint();
}

void PartJob::planAnew(db::Session& session, const Job& job, const Encoding& encoding) {
  abandonment_.ofGrowing(session, encoding.video_id);
  EncodeQueue(shop_.wake, job.max_attempts)
      .enqueue(session, encoding.video_id, encoding.source_id, Copying::Off);
}

}  // namespace reeld::processing
