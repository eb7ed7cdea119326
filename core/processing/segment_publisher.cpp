#include "processing/segment_publisher.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/segment_check.h"
#include "storage/blob_key.h"

#include <unistd.h>

#include <cerrno>

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

Segment SegmentPublisher::check(const MadeSegment& made) const {
  if (!target_.renditions.contains(made.rendition) || made.format != "hls-ts") {
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
  const TaskFolder::File file = folder_.open(made.path);
  off_t at = 0;
  const SegmentCheck found =
      checkSegment(segment, !target_.audio_only, [&](char* buffer, std::size_t size) {
        const ssize_t count = pread(file.fd.get(), buffer, size, at);
        if (count < 0) {
          throw systemError("cannot read " + made.path, errno);
        }
        at += count;
        return static_cast<std::size_t>(count);
      });
  if (found.problem) {
    refuse("segment " + std::to_string(segment.number) + " of " + made.rendition + ", which " +
           *found.problem);
  }
  segment.sha256 = found.sha256;
  return segment;
}

void SegmentPublisher::publish(const MadeSegment& made, const Segment& checked) {
  store(made.path, checked.storage_key, "video/mp2t", made.bytes);
  database_.transact([&](db::Session& session) {
    fence(session, lease_);
    insertSegment(session, target_.renditions.at(made.rendition), checked);
  });
}

std::string SegmentPublisher::storePoster(const std::string& path) {
  const std::string key = storage::posterKey(target_.video_id, lease_.token);
  store(path, key, "image/jpeg", std::nullopt);
  return key;
}

}  // namespace reeld::processing
