// Encodings, renditions and segments as rows. Invariant: a segment's row is written after its bytes
// lie in storage; a playlist is made of rows; so what a playlist names exists.
#pragma once
#include "db/database.h"
#include "processing/encoding.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::processing {

/// `encoding` without id.
EncodingId insertEncoding(db::Session& session, const Encoding& encoding);
std::int64_t insertRendition(db::Session& session, EncodingId encoding, const Rendition& rendition);
/// False if there is one of that number: two jobs may make the beginning of a title.
bool insertSegment(db::Session& session, std::int64_t rendition_id, const Segment& segment);

/// Of one rendition, which stays.
void dropSegments(db::Session& session, std::int64_t rendition_id);

/// What was measured: codecs, bandwidths, frame rate.
void setMeasured(db::Session& session, const Rendition& rendition);
/// All segments are there; verification comes next.
void setComplete(db::Session& session, EncodingId id, std::int64_t duration_ms, bool damaged);
/// Ready, and whatever played before is retired.
void markEncodingReady(db::Session& session, const Encoding& encoding);
/// growing -> failed: its rows below go, its objects may be swept. False if it did not grow.
bool abandonEncoding(db::Session& session, EncodingId id);
std::vector<EncodingId> growingEncodings(db::Session& session, std::int64_t video_id);

/// The picture made of it, once.
void setEncodingPoster(db::Session& session, EncodingId id, const std::string& key);

void insertSoundPart(db::Session& session, EncodingId encoding, const SoundPart& part);
/// By their first segments.
std::vector<SoundPart> soundParts(db::Session& session, EncodingId encoding);
void dropSoundParts(db::Session& session, EncodingId encoding);

/// One that another has replaced.
struct RetiredEncoding {
  EncodingId id = 0;
  std::int64_t video_id = 0;
  std::int64_t duration_ms = 0;
  EpochMs retired_at = 0;
};
/// Longest retired first, some hundred at most.
std::vector<RetiredEncoding> retiredEncodings(db::Session& session);
/// The encoding with its renditions and segments; nothing plays it any more.
void dropEncoding(db::Session& session, EncodingId id);

std::optional<Encoding> findEncoding(db::Session& session, EncodingId id);
std::optional<Encoding> newestEncoding(db::Session& session, std::int64_t video_id);
/// Smallest first, each with its segments.
std::vector<Rendition> loadRenditions(db::Session& session, EncodingId id);
/// Sound beside that of the renditions, as far as it is made; one that is left out has no segments.
std::vector<Rendition> loadAlternates(db::Session& session, EncodingId id);
/// Keys of the stored objects that its rows name.
std::vector<std::string> encodingKeys(db::Session& session, EncodingId id);
/// Encodings of the video that never play again.
std::vector<EncodingId> failedEncodings(db::Session& session, std::int64_t video_id);

}  // namespace reeld::processing
