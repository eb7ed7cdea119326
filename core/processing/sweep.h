// Removes stored objects that no row will ever name: what tasks left whose lease or encoding is
// gone.
#pragma once
#include "processing/encoding.h"
#include "storage/storage.h"

#include <string>
#include <vector>

namespace reeld::processing {

/// Every object of the video. The number removed.
std::int64_t sweepVideo(storage::Storage& storage, std::int64_t video_id);
/// Every object of these encodings. The number removed.
std::int64_t sweepEncodings(storage::Storage& storage, std::int64_t video_id,
                            const std::vector<EncodingId>& encodings);
/// Objects of the encoding other than these. The number removed.
std::int64_t sweepUnnamed(storage::Storage& storage, std::int64_t video_id, EncodingId encoding,
                          const std::vector<std::string>& named);
/// The same of what the jobs of an encoding made before it was READY. Sheets of a storyboard stay:
/// the job that makes them may be at it, on any daemon, and they have no rows until all are made.
std::int64_t sweepParts(storage::Storage& storage, std::int64_t video_id, EncodingId encoding,
                        const std::vector<std::string>& named);

}  // namespace reeld::processing
