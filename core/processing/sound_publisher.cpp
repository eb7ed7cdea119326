#include "processing/sound_publisher.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/task_output.h"
#include "storage/blob_key.h"

#include <algorithm>

namespace reeld::processing {

namespace {

std::vector<Range> rangesWithSound(const Plan& plan) {
  return plan.soundApart() ? rangesOf(plan) : std::vector<Range>();
}

}  // namespace

SoundPublisher::SoundPublisher(const Workshop& shop, JobContext& context, const EncodingWork& work,
                               const TaskFolder& folder)
    : shop_(shop),
      context_(context),
      work_(work),
      folder_(folder),
      ranges_(rangesWithSound(work.plan)) {
  for (const SoundPart& part : shop_.database.read(
           [&](db::Session& session) { return soundParts(session, work_.encoding.id); })) {
    published_.insert(part.first_segment);
  }
}

Json SoundPublisher::parts() const {
  Json::Array parts;
  for (const Range& range : ranges_) {
    parts.emplace_back(range.first);
  }
  return parts;
}

void SoundPublisher::take(const MadeSegment& made) {
  const auto range = std::find_if(ranges_.begin(), ranges_.end(),
                                  [&](const Range& one) { return one.first == made.index; });
  if (range == ranges_.end() || made.rendition != "sound" || made.format != "aac") {
    throw Error(ErrorCode::Corrupt, "the encoder made " + made.rendition + " as " + made.format +
                                        " for segment " + std::to_string(made.index) +
                                        ", which nobody asked for")
        .reason("crashed");
  }
  if (published_.contains(range->first)) {
    folder_.remove(made.path);
    return;
  }
  const SoundPart part{range->first, static_cast<std::int64_t>(made.bytes),
                       storage::soundKey(work_.source.video_id, work_.encoding.id,
                                         context_.lease().token, range->first)};
  storeFile(folder_, made.path, shop_.storage, {part.storage_key, "audio/aac"}, made.bytes);
  const auto publish = [&](db::Session& session) {
    if (mayWrite(session, context_)) {
      insertSoundPart(session, work_.encoding.id, part);
      callForRange(session, shop_, context_.job(), work_.encoding.id, work_.plan, *range);
      if (!has_published_) {
        restartTries(session, context_.lease());
      }
    }
  };
  nameStored(shop_.storage, part.storage_key, [&] { shop_.database.transact(publish); });
  published_.insert(range->first);
  if (!has_published_) {
    context_.restartedTries();
    has_published_ = true;
  }
}

void SoundPublisher::requireAll() const {
  if (published_.size() != ranges_.size()) {
    throw Error(ErrorCode::Corrupt, "the encoder made " + std::to_string(published_.size()) +
                                        " parts of the sound, not " +
                                        std::to_string(ranges_.size()))
        .reason("crashed");
  }
}

}  // namespace reeld::processing
