#include "processing/segment_publisher.h"

#include "base/error.h"
#include "catalog/video_progress.h"
#include "processing/encoding_repository.h"
#include "processing/growth.h"
#include "processing/job_repository.h"
#include "processing/segment_check.h"
#include "processing/task_output.h"
#include "storage/blob_key.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace reeld::processing {

namespace {
[[noreturn]] void refuseSegment(const std::string& what) {
  throw Error(ErrorCode::Corrupt, "the encoder made " + what).reason("crashed");
}

std::int64_t audioBitrate(const Json& spec) {
  const Json* audio = spec.find("audio");
  return audio == nullptr || audio->isNull() ? 0 : audio->find("bitrate")->integer();
}
}  // namespace

SegmentPublisher::SegmentPublisher(Target target, JobContext& context, const TaskFolder& folder,
                                   storage::Storage& storage, db::Database& database)
    : target_(std::move(target)),
      context_(context),
      folder_(folder),
      storage_(storage),
      database_(database),
      made_(target_.renditions) {
  for (Rendition& rendition : made_) {
    rendition.segments.clear();
  }
}

const Rendition* SegmentPublisher::find(const std::string& name) const noexcept {
  const auto found = std::find_if(target_.renditions.begin(), target_.renditions.end(),
                                  [&](const Rendition& one) { return one.name == name; });
  return found != target_.renditions.end() ? &*found : nullptr;
}

bool SegmentPublisher::isPublished(const MadeSegment& made) const noexcept {
  const Rendition* rendition = find(made.rendition);
  return std::any_of(rendition->segments.begin(), rendition->segments.end(),
                     [&](const Segment& one) { return one.number == made.index; });
}

SegmentPublisher::Checked SegmentPublisher::check(const MadeSegment& made) const {
  const bool is_wanted = find(made.rendition) != nullptr && made.format == "hls-ts" &&
                         made.index >= target_.first && (!target_.end || made.index < *target_.end);
  if (!is_wanted) {
    refuseSegment("segment " + std::to_string(made.index) + " of " + made.rendition + " as " +
                  made.format + ", which nobody asked for");
  }
  Segment segment;
  segment.number = made.index;
  segment.start_us = made.start_us;
  segment.duration_us = made.duration_us;
  segment.bytes = static_cast<std::int64_t>(made.bytes);
  segment.frames = static_cast<std::int64_t>(made.frames);
  segment.storage_key = storage::segmentKey(target_.work.source.video_id, target_.work.encoding.id,
                                            context_.lease().token, made.rendition, segment.number);
  const TaskFolder::File file = folder_.open(made.path);
  off_t at = 0;
  const SegmentCheck found =
      checkSegment(segment, find(made.rendition)->width > 0, [&](char* buffer, std::size_t size) {
        const ssize_t count = pread(file.fd.get(), buffer, size, at);
        if (count < 0) {
          throw systemError("cannot read " + made.path, errno);
        }
        at += count;
        return static_cast<std::size_t>(count);
      });
  if (found.problem) {
    refuseSegment("segment " + std::to_string(segment.number) + " of " + made.rendition +
                  ", which " + *found.problem);
  }
  segment.sha256 = found.sha256;
  return {std::move(segment), found.codecs};
}

bool SegmentPublisher::insert(db::Session& session, const Rendition& rendition,
                              const Checked& checked) {
  if (!insertSegment(session, rendition.id, checked.segment)) {
    return false;  // another job was faster; what was stored is swept with the end of the encoding
  }
  if (target_.is_progress) {
    countMade(session, context_.lease());
  }
  if (!has_published_) {
    restartTries(session, context_.lease());
  }
  if (checked.segment.number == 0 && target_.is_beginning) {
    const EncodingWork& work = target_.work;
    setMeasured(session, expected(work.plan, audioBitrate(work.spec), rendition, checked.segment,
                                  checked.codecs));
    catalog::publishEncoding(session, work.source.video_id, work.encoding.id, work.plan.duration_ms,
                             session.now());
  }
  return true;
}

void SegmentPublisher::take(const MadeSegment& made) {
  context_.enter("verify");
  const Checked checked = check(made);
  context_.enter("encode");
  publish(made, checked);
}

void SegmentPublisher::publish(const MadeSegment& made, const Checked& checked) {
  const auto rendition = std::find_if(
      made_.begin(), made_.end(), [&](const Rendition& one) { return one.name == made.rendition; });
  const bool is_again =
      std::any_of(rendition->segments.begin(), rendition->segments.end(),
                  [&](const Segment& one) { return one.number == checked.segment.number; });
  if (is_again) {
    refuseSegment("segment " + std::to_string(made.index) + " of " + made.rendition + " twice");
  }
  rendition->segments.push_back(checked.segment);
  if (isPublished(made)) {
    folder_.remove(made.path);
    return;
  }
  storeFile(folder_, made.path, storage_, {checked.segment.storage_key, "video/mp2t"}, made.bytes);
  bool is_new = false;
  nameStored(storage_, checked.segment.storage_key, [&] {
    is_new = database_.transact([&](db::Session& session) {
      return mayWrite(session, context_) && insert(session, *rendition, checked);
    });
  });
  // What another job was faster with is no step of this one's: it may fail with it for ever.
  if (is_new && !has_published_) {
    context_.restartedTries();
    has_published_ = true;
  }
}

}  // namespace reeld::processing
