#include "processing/segment_publisher.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "storage/blob_key.h"

namespace reeld::processing {

namespace {
constexpr std::uint64_t MaxPosterBytes = 10 << 20;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::Corrupt, "the encoder made " + what).reason("crashed");
}
}  // namespace

SegmentPublisher::SegmentPublisher(Target target, Lease lease, const TaskFolder& folder,
                                   storage::Storage& storage, db::Database& database)
    : target_(std::move(target)),
      lease_(std::move(lease)),
      folder_(folder),
      storage_(storage),
      database_(database) {}

void SegmentPublisher::store(const std::string& path, const std::string& key,
                             const std::string& content_type,
                             std::optional<std::uint64_t> expected_size) {
  const TaskFolder::File file = folder_.open(path);
  if (expected_size ? file.size != *expected_size : file.size > MaxPosterBytes) {
    refuse(path + " of " + std::to_string(file.size) + " bytes, not what it said");
  }
  storage::Object hint;
  hint.key = key;
  hint.size = file.size;
  hint.content_type = content_type;
  const storage::Object stored = storage_.adopt(hint, file.fd.get());
  if (stored.size != file.size) {
    throw Error(ErrorCode::Internal, "storage took " + std::to_string(stored.size) + " of " +
                                         std::to_string(file.size) + " bytes of " + key);
  }
  folder_.remove(path);
}

void SegmentPublisher::publish(const MadeSegment& made) {
  const auto rendition = target_.renditions.find(made.rendition);
  if (rendition == target_.renditions.end() || made.format != "hls-ts") {
    refuse("a segment of " + made.rendition + " as " + made.format + ", which nobody asked for");
  }
  Segment segment;
  segment.number = made.index;
  segment.start_us = made.start_us;
  segment.duration_us = made.duration_us;
  segment.bytes = static_cast<std::int64_t>(made.bytes);
  segment.frames = static_cast<std::int64_t>(made.frames);
  segment.storage_key = storage::segmentKey(target_.video_id, target_.encoding_id, lease_.token,
                                            made.rendition, segment.number);
  store(made.path, segment.storage_key, "video/mp2t", made.bytes);
  database_.transact([&](db::Session& session) {
    fence(session, lease_);
    insertSegment(session, rendition->second, segment);
  });
}

std::string SegmentPublisher::storePoster(const std::string& path) {
  const std::string key = storage::posterKey(target_.video_id, lease_.token);
  store(path, key, "image/jpeg", std::nullopt);
  return key;
}

}  // namespace reeld::processing
