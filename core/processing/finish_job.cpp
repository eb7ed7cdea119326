#include "processing/finish_job.h"

#include "base/error.h"
#include "catalog/video_poster.h"
#include "catalog/video_progress.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/part_repository.h"
#include "processing/subtitle_repository.h"
#include "processing/sweep.h"
#include "processing/verification.h"

namespace reeld::processing {

struct FinishJob::Whole {
  std::vector<Rendition> renditions;
  std::vector<Rendition> alternates;  ///< that were made
  bool damaged = false;
};

namespace {

/// Parts of one rung must be one stream: a player sets its decoder up once.
void takeCodecs(std::vector<Rendition>& renditions, const Json& result) {
  const Json* codecs = result.find("codecs");
  for (Rendition& rendition : renditions) {
    const Json* said = codecs == nullptr ? nullptr : codecs->find(rendition.name);
    if (said == nullptr) {
      continue;
    }
    if (!rendition.codecs.empty() && rendition.codecs != said->text()) {
      throw Error(ErrorCode::Corrupt, "parts of " + rendition.name + " are coded as " +
                                          rendition.codecs + " and as " + said->text())
          .reason("crashed");
    }
    rendition.codecs = said->text();
  }
}

}  // namespace

void FinishJob::run(JobContext& context) {
  context.enter("verify");
  const EncodingWork work = openWork(shop_, context);
  Whole whole = gather(work);
  verify(context, work, whole);
  context.enter("publish");
  publish(context, work, whole);
  sweep(work);
}

FinishJob::Whole FinishJob::gather(const EncodingWork& work) {
  Whole whole;
  const auto results = shop_.database.read([&](db::Session& session) {
    whole.renditions = loadRenditions(session, work.encoding.id);
    whole.alternates = loadAlternates(session, work.encoding.id);
    return partResults(session, work.encoding.id);
  });
  for (Rendition& rendition : whole.renditions) {
    rendition.codecs.clear();  // as its first segment had them; now all parts are asked
  }
  std::erase_if(whole.alternates, [](const Rendition& one) { return one.segments.empty(); });
  for (const std::string& text : results) {
    const Json result = Json::parse(text);
    const Json* damaged = result.find("damaged");
    whole.damaged = whole.damaged || (damaged != nullptr && damaged->boolean());
    takeCodecs(whole.renditions, result);
    takeCodecs(whole.alternates, result);
  }
  return whole;
}

void FinishJob::verify(JobContext& context, const EncodingWork& work, Whole& whole) {
  measure(work.plan, whole.renditions);
  measure(work.plan, whole.alternates);
  // Wrong rows are the encoder's doing and would come again; wrong objects are storage's and may
  // not.
  if (const auto problems = checkRows(work.plan, whole.renditions); !problems.empty()) {
    throw Error(ErrorCode::Corrupt, "what the encoder made is not whole: " + problems.front())
        .reason("crashed");
  }
  for (const auto* renditions : {&whole.renditions, &whole.alternates}) {
    if (const auto problems = checkObjects(shop_.storage, *renditions); !problems.empty()) {
      throw Error(ErrorCode::Internal, "what was stored is not whole: " + problems.front());
    }
  }
  context.checkpoint();
  shop_.database.transact([&](db::Session& session) {
    if (!mayWrite(session, context)) {
      return;
    }
    for (const auto* renditions : {&whole.renditions, &whole.alternates}) {
      for (const Rendition& rendition : *renditions) {
        setMeasured(session, rendition);
      }
    }
    setComplete(session, work.encoding.id, durationMs(whole.renditions), whole.damaged);
  });
  context.checkpoint();
}

void FinishJob::publish(JobContext& context, const EncodingWork& work, const Whole& whole) {
  const std::int64_t video = work.source.video_id;
  shop_.database.transact([&](db::Session& session) {
    if (!mayWrite(session, context)) {
      return;
    }
    const EpochMs now = session.now();
    markEncodingReady(session, work.encoding);
    if (work.encoding.poster_key) {
      const auto before = catalog::setMadePoster(session, video, *work.encoding.poster_key, now);
      abandonment_.removeLater(session, video,
                               before ? Abandonment::Keys{*before} : Abandonment::Keys{});
    }
    // Muxed into every segment; the objects go in the sweep.
    dropSoundParts(session, work.encoding.id);
    // False when an administrator was faster: what he pushed was this same, complete encoding.
    catalog::markReady(session, video,
                       {work.encoding.id, durationMs(whole.renditions), whole.damaged,
                        subtitlesJson(subtitlesOf(session, work.encoding.id))},
                       now);
    if (!work.plan.audio_only) {
      enqueueStoryboard(session, shop_, context.job(), work.encoding.id);
    }
    completeJob(session, context.lease());
  });
  context.checkpoint();
}

void FinishJob::sweep(const EncodingWork& work) {
  const std::int64_t video = work.source.video_id;
  abandonment_.guarded(video, [&] {
    const auto [failed, named] = shop_.database.read([&](db::Session& session) {
      return std::pair(failedEncodings(session, video), encodingKeys(session, work.encoding.id));
    });
    sweepEncodings(shop_.storage, video, failed);
    sweepParts(shop_.storage, video, work.encoding.id, named);
  });
}

}  // namespace reeld::processing
