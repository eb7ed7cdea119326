#include "processing/encode_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/source_file.h"
#include "processing/subtitle_repository.h"
#include "processing/task_folder.h"

#include <algorithm>

namespace reeld::processing {

namespace {

/// A source that was tried says so.
bool mayCopy(const Job& job) {
  const Json args = Json::parse(job.args);
  const Json* copy = args.find("copy");
  return copy == nullptr || copy->boolean();
}

}  // namespace

const std::string& EncodeJob::kind() const {
  static const std::string Kind(EncodeKind);
  return Kind;
}

void EncodeJob::prepare() { clearWorkDir(shop_.work_dir); }

void EncodeJob::run(JobContext& context) {
  context.enter("probe");
  const catalog::Source source = findSource(context.job());
  if (source.size_bytes == 0) {
    throw Error(ErrorCode::Invalid, "the file is empty");
  }
  const FileDescriptor source_fd = openSource(shop_.storage, source.storage_key, shop_.work_dir);
  const Json facts = shop_.encoder.probe(source_fd.get());
  context.checkpoint();
  LadderSettings ladder = ladder_;
  ladder.copy = ladder.copy && mayCopy(context.job());
  begin(context, source, facts, planFor(SourceFacts::fromJson(facts), ladder));
}

catalog::Source EncodeJob::findSource(const Job& job) {
  const std::int64_t id = Json::parse(job.args).find("source")->integer();
  auto source = shop_.database.readOne(
      [&](db::Session& session) { return catalog::findSource(session, id); });
  if (!source) {
    throw Error(ErrorCode::NotFound, "source " + std::to_string(id) + " is gone");
  }
  return std::move(*source);
}

void EncodeJob::begin(JobContext& context, const catalog::Source& source, const Json& facts,
                      const Plan& plan) {
  Json stored = plan.toJson();
  stored.set("spec", plan.spec(ladder_));
  Encoding encoding;
  encoding.video_id = source.video_id;
  encoding.source_id = source.id;
  encoding.settings_hash = settingsHash(plan, ladder_);
  encoding.plan = stored.dump();
  // Copying is done before it could be waited for, unless it is all there is to do.
  encoding.planned = plan.segments() * std::max<std::int64_t>(1, plan.count(Making::Encoded));
  shop_.database.transact([&](db::Session& session) {
    fence(session, context.lease());
    catalog::setSourceFacts(session, source.id, facts.dump());
    abandonment_.ofGrowing(session, source.video_id);
    const EncodingId id = insertEncoding(session, encoding);
    for (const Rung& rung : plan.rungs) {
      Rendition rendition;
      rendition.name = rung.name;
      rendition.width = rung.width;
      rendition.height = rung.height;
      insertRendition(session, id, rendition);
    }
    for (const Sound& sound : plan.sounds.alternates) {
      Rendition rendition;
      rendition.name = sound.name;
      rendition.format = AlternateFormat;
      insertRendition(session, id, rendition);
    }
    enqueueParts(session, context.job(), plan, id);
    callForSubtitles(session, context.job(), facts, id);
    completeJob(session, context.lease());
  });
}

void EncodeJob::enqueueParts(db::Session& session, const Job& job, const Plan& plan,
                             EncodingId encoding) {
  if (plan.copies()) {
    enqueueCopy(session, shop_, job, encoding);
  }
  if (plan.soundApart()) {
    if (!plan.copies()) {
      enqueueSound(session, shop_, job, encoding);
    }
    return;  // with each part of the sound comes its range
  }
  for (const Range& range : rangesOf(plan)) {
    callForRange(session, shop_, job, encoding, plan, range);
  }
}

void EncodeJob::callForSubtitles(db::Session& session, const Job& job, const Json& facts,
                                 EncodingId encoding) {
  const auto tracks = subtitleTracks(SourceFacts::fromJson(facts).subtitles);
  for (const SubtitleTrack& track : tracks) {
    if (track.isLeftOut()) {
      insertSubtitles(session, encoding, track);
    }
  }
  if (!wanted(tracks).empty()) {
    enqueueSubtitles(session, shop_, job, encoding);
  }
}

void EncodeJob::giveUp(db::Session& session, const Job& job, const std::string& stage,
                       const Error& error) {
  if (job.video_id) {
    abandonment_.ofVideo(session, *job.video_id, stage, error);
  }
}

}  // namespace reeld::processing
