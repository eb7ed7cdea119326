#include "processing/encode_queue.h"

#include "base/error.h"
#include "base/json.h"
#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "processing/encoding_repository.h"
#include "processing/job_kinds.h"
#include "processing/job_repository.h"

namespace reeld::processing {

namespace {

catalog::Source sourceOf(db::Session& session, catalog::VideoId video) {
  auto source = catalog::newestSource(session, video);
  if (!source) {
    throw Error(ErrorCode::NotFound,
                "video " + std::to_string(video) + " has no source: upload one");
  }
  return std::move(*source);
}

/// A title is whole without some of its parts. When one of them is given up the rest lives on, and
/// to start over would mean to make again what is there.
void requireGivenUp(db::Session& session, const Job& part) {
  const auto encoding = findEncoding(session, *part.encoding_id);
  if (!encoding || encoding->state == EncodingState::Failed) {
    return;
  }
  throw Error(ErrorCode::Conflict,
              "job " + std::to_string(part.id) + " (" + part.kind + ") made a part that video " +
                  std::to_string(encoding->video_id) +
                  " does without; to try again, make the whole video anew: reeldctl video "
                  "reprocess " +
                  std::to_string(encoding->video_id));
}

}  // namespace

void EncodeQueue::enqueue(db::Session& session, catalog::VideoId video, catalog::SourceId source,
                          Copying copying) {
  Json args;
  args.set("source", source);
  if (copying == Copying::Off) {
    args.set("copy", false);
  }
  NewJob job;
  job.kind = EncodeKind;
  job.args = args.dump();
  job.video_id = video;
  job.priority = 0;  // planning takes a second, and says how much there is to do
  job.max_attempts = max_attempts_;
  job.unique_key = "source:" + std::to_string(source);
  if (enqueueJob(session, job)) {
    session.afterCommit(wake_);
  }
}

void EncodeQueue::requeue(db::Session& session, catalog::VideoId video) {
  const auto found = catalog::findVideo(session, video);
  if (!found || found->state != catalog::VideoState::Failed) {
    throw Error(ErrorCode::Conflict, "video " + std::to_string(video) + " is not FAILED")
        .reason("video-not-failed");
  }
  const auto source = sourceOf(session, video);
  catalog::startProcessing(session, video, session.now());
  enqueue(session, video, source.id);
}

void EncodeQueue::reprocess(db::Session& session, catalog::VideoId video) {
  const auto source = sourceOf(session, video);
  if (!catalog::startReprocessing(session, video, session.now())) {
    const auto found = catalog::findVideo(session, video);
    const bool is_busy = found && found->reprocessing;
    throw Error(ErrorCode::Conflict,
                "video " + std::to_string(video) +
                    (is_busy ? " is being made anew already" : " is not READY"))
        .reason(is_busy ? "video-processing" : "video-not-ready");
  }
  enqueue(session, video, source.id);
}

void EncodeQueue::retryVideo(db::Session& session, catalog::VideoId video) {
  const auto source = sourceOf(session, video);
  if (!catalog::startProcessing(session, video, session.now()) &&
      !catalog::startReprocessing(session, video, session.now())) {
    throw Error(ErrorCode::Conflict, "video " + std::to_string(video) + " is worked on already")
        .reason("video-processing");
  }
  enqueue(session, video, source.id);
}

void EncodeQueue::retry(db::Session& session, JobId id) {
  const auto job = findJob(session, id);
  if (!job) {
    throw Error(ErrorCode::NotFound, "there is no job " + std::to_string(id));
  }
  if (job->kind == StoryboardKind && requeueJob(session, id)) {
    session.afterCommit(wake_);  // of what plays, so nothing else is made again
    return;
  }
  if (job->encoding_id && job->state == JobState::Discarded) {
    requireGivenUp(session, *job);
    // What the other parts made is gone with the encoding.
    retryVideo(session, *job->video_id);
    return;
  }
  if (!requeueJob(session, id)) {
    throw Error(ErrorCode::Conflict, "job " + std::to_string(id) + " is " +
                                         std::string(word(job->state)) + ", not discarded");
  }
  if (job->video_id && !catalog::startProcessing(session, *job->video_id, session.now())) {
    catalog::startReprocessing(session, *job->video_id, session.now());
  }
  session.afterCommit(wake_);
}

}  // namespace reeld::processing
