// What the work on a source writes into its video: state moves, the encoding that plays, failure.
// Each move names the state it comes from, so of two racing writers one does nothing and is told
// so.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <string>

namespace reeld::catalog {

/// UPLOADED or FAILED -> PROCESSING; an old failure is forgotten. False if the video is in no such
/// state.
bool startProcessing(db::Session& session, VideoId id, EpochMs now);

/// A READY video is made anew, from its newest source; what there is plays on. False if it is not
/// READY, or that is under way already.
bool startReprocessing(db::Session& session, VideoId id, EpochMs now);

/// Names the encoding that plays from now on, while it still grows. Its first segments are
/// published. False if the video is deleted or not PROCESSING.
bool publishEncoding(db::Session& session, VideoId id, std::int64_t encoding_id,
                     std::int64_t duration_ms, EpochMs now);

/// If the encoding that plays was never finished, it stops playing and its grants are revoked.
void withdrawUnfinished(db::Session& session, VideoId id, EpochMs now);

struct Finished {
  std::int64_t encoding_id = 0;
  std::int64_t duration_ms = 0;
  bool damaged = false;
  std::string subtitles_json = "[]";  ///< as the API lists them
};
/// PROCESSING -> READY with its event, or the end of reprocessing. False if the video is neither (a
/// deleted one may be).
bool markReady(db::Session& session, VideoId id, const Finished& finished, EpochMs now);

/// PROCESSING -> FAILED with its event. If the encoding that played so far was never finished, it
/// stops playing and its grants are revoked. A video that was made anew stays READY, and its owner
/// is told why nothing came of it. False if it was neither.
bool markFailed(db::Session& session, VideoId id, const Failure& failure, EpochMs now);

/// How long a grant for a video of that duration may live: twice the duration and an hour, at least
/// four hours; and what clocks may differ by.
std::int64_t longestGrantMs(std::int64_t duration_ms) noexcept;

/// Voids every grant for this video issued up to now; their longest life follows from the duration.
void revokeVideoGrants(db::Session& session, const Video& video, EpochMs now);

}  // namespace reeld::catalog
