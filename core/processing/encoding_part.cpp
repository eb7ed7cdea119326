#include "processing/encoding_part.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/part_repository.h"

namespace reeld::processing {

namespace {

// It makes a title playable at once, and takes next to nothing.
constexpr int CopyPriority = 0;
// The first segments of a title before the rest of any: somebody waits for it to play.
constexpr int FirstPriority = 1;
constexpr int Priority = 2;
// What a title plays without: nobody's pictures wait for it.
constexpr int LastPriority = 3;

NewJob part(std::string_view kind, const Job& by, EncodingId encoding) {
  NewJob job;
  job.kind = kind;
  job.video_id = by.video_id;
  job.encoding_id = encoding;
  job.max_attempts = by.max_attempts;
  job.priority = FirstPriority;
  job.unique_key = "encoding:" + std::to_string(encoding);
  return job;
}

void enqueue(db::Session& session, const Workshop& shop, const NewJob& job) {
  if (enqueueJob(session, job)) {
    session.afterCommit(shop.wake);
  }
}

EncodingId encodingOf(const Job& job) {
  if (!job.encoding_id) {
    throw Error(ErrorCode::Corrupt, "job " + std::to_string(job.id) + " names no encoding");
  }
  return *job.encoding_id;
}

/// False if the title has one track of sound, or none.
bool callForAlternates(db::Session& session, const Workshop& shop, const Job& by,
                       EncodingId encoding) {
  const auto found = findEncoding(session, encoding);
  const Plan plan = found ? Plan::fromJson(Json::parse(found->plan)) : Plan{};
  for (const Sound& sound : plan.sounds.alternates) {
    NewJob job = part(AlternateKind, by, encoding);
    job.priority = LastPriority;
    Json args;
    args.set("sound", sound.name);
    job.args = args.dump();
    *job.unique_key += ":" + sound.name;
    enqueue(session, shop, job);
  }
  return !plan.sounds.alternates.empty();
}

}  // namespace

Json EncodingWork::specOf(const RungNames& rungs) const {
  Json::Array wanted;
  for (const Json& rung : spec.find("rungs")->array()) {
    if (rungs.contains(rung.find("name")->text())) {
      wanted.push_back(rung);
    }
  }
  Json made = spec;
  made.set("rungs", std::move(wanted));
  return made;
}

std::vector<Rendition> EncodingWork::only(const RungNames& rungs, std::vector<Rendition> all) {
  std::erase_if(all, [&](const Rendition& one) { return !rungs.contains(one.name); });
  return all;
}

EncodingWork openWork(const Workshop& shop, JobContext& context, EncodingState wanted) {
  const EncodingId id = encodingOf(context.job());
  std::optional<catalog::Source> source;
  const auto encoding = shop.database.read([&](db::Session& session) {
    auto found = findEncoding(session, id);
    source = found ? catalog::findSource(session, found->source_id) : std::nullopt;
    return found;
  });
  if (!encoding || encoding->state != wanted) {
    context.stop(StopReason::Asked);
    context.checkpoint();
  }
  if (!source) {
    throw Error(ErrorCode::NotFound, "source " + std::to_string(encoding->source_id) + " is gone");
  }
  const Json stored = Json::parse(encoding->plan);
  const Json* spec = stored.find("spec");
  if (spec == nullptr) {
    throw Error(ErrorCode::Corrupt, "a stored plan lacks \"spec\"");
  }
  EncodingWork work{*encoding, Plan::fromJson(stored), *spec, std::move(*source)};
  work.spec.set("threads", shop.threads);
  return work;
}

bool mayWrite(db::Session& session, JobContext& context, EncodingState wanted) {
  fence(session, context.lease());
  const auto encoding = findEncoding(session, encodingOf(context.job()));
  if (encoding && encoding->state == wanted) {
    return true;
  }
  context.stop(StopReason::Asked);
  return false;
}

void enqueueCopy(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding) {
  NewJob job = part(CopyKind, by, encoding);
  job.priority = CopyPriority;
  enqueue(session, shop, job);
}

void enqueueSound(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding) {
  enqueue(session, shop, part(SoundKind, by, encoding));
}

void enqueueSubtitles(db::Session& session, const Workshop& shop, const Job& by,
                      EncodingId encoding) {
  NewJob job = part(SubtitlesKind, by, encoding);
  job.priority = LastPriority;
  enqueue(session, shop, job);
}

void enqueueStoryboard(db::Session& session, const Workshop& shop, const Job& by,
                       EncodingId encoding) {
  NewJob job = part(StoryboardKind, by, encoding);
  job.priority = LastPriority;
  enqueue(session, shop, job);
}

void enqueueRange(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding,
                  const Range& range) {
  NewJob job = part(RangeKind, by, encoding);
  job.args = range.toJson().dump();
  job.priority = range.first == 0 ? FirstPriority : Priority;
  *job.unique_key += ":" + std::to_string(range.first);
  enqueue(session, shop, job);
}

void callForRange(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding,
                  const Plan& plan, const Range& range) {
  if (range.first == 0 && plan.hasBeginning()) {
    enqueue(session, shop, part(FirstKind, by, encoding));
  }
  enqueueRange(session, shop, by, encoding, range);
}

void callForEnd(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding) {
  if (countOpenParts(session, encoding) > 0) {
    return;
  }
  if (by.kind == AlternateKind || !callForAlternates(session, shop, by, encoding)) {
    enqueue(session, shop, part(FinishKind, by, encoding));
  }
}

void completePart(db::Session& session, const Workshop& shop, JobContext& context,
                  const Json& result) {
  completeJob(session, context.lease(), result.dump());
  callForEnd(session, shop, context.job(), encodingOf(context.job()));
}

}  // namespace reeld::processing
