#include "processing/sweep.h"

#include "storage/blob_key.h"

#include <set>

namespace reeld::processing {

namespace {

std::string prefixOf(std::int64_t video_id, EncodingId encoding) {
  return storage::videoPrefix(video_id) + "encodings/" + std::to_string(encoding) + "/";
}

/// Collected first: a list that shrinks while it is read may skip.
std::int64_t removeBelow(storage::Storage& storage, const std::string& prefix,
                         const std::vector<std::string>& spared = {},
                         bool (*stays)(std::string_view key) noexcept = nullptr) {
  const std::set<std::string> spare(spared.begin(), spared.end());
  std::vector<std::string> keys;
  storage.list(prefix, "", [&](const storage::Object& object) {
    if (!spare.contains(object.key) && (stays == nullptr || !stays(object.key))) {
      keys.push_back(object.key);
    }
    return true;
  });
  for (const std::string& key : keys) {
    storage.remove(key);
  }
  return static_cast<std::int64_t>(keys.size());
}

}  // namespace

std::int64_t sweepVideo(storage::Storage& storage, std::int64_t video_id) {
  return removeBelow(storage, storage::videoPrefix(video_id));
}

std::int64_t sweepEncodings(storage::Storage& storage, std::int64_t video_id,
                            const std::vector<EncodingId>& encodings) {
  std::int64_t removed = 0;
  for (const EncodingId encoding : encodings) {
    removed += removeBelow(storage, prefixOf(video_id, encoding));
  }
  return removed;
}

std::int64_t sweepUnnamed(storage::Storage& storage, std::int64_t video_id, EncodingId encoding,
                          const std::vector<std::string>& named) {
  return removeBelow(storage, prefixOf(video_id, encoding), named);
}

std::int64_t sweepParts(storage::Storage& storage, std::int64_t video_id, EncodingId encoding,
                        const std::vector<std::string>& named) {
  return removeBelow(storage, prefixOf(video_id, encoding), named, storage::isStoryboard);
}

}  // namespace reeld::processing
