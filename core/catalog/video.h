// A video as a value, and its states as a table. The state says how far the work on its source has
// come; whether it can be played is derived beside it (playable()).
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::catalog {

using VideoId = std::int64_t;

enum class VideoState { Uploaded, Processing, Ready, Failed };

/// "UPLOADED": the word in the database and in the API.
std::string_view word(VideoState state) noexcept;
std::optional<VideoState> parseVideoState(std::string_view word) noexcept;

/// Whether the life cycle has an edge from one state to the other. READY is final.
bool canMove(VideoState from, VideoState to) noexcept;

/// Why a video is FAILED. Stages: probe, encode, verify, publish.
struct Failure {
  std::string stage;
  std::string cause;  ///< for the log and administrators
  std::string hint;   ///< a sentence for the owner
};

struct Video {
  VideoId id = 0;
  std::int64_t creator_id = 0;
  std::string title;
  std::optional<std::string> description;
  std::string category;
  /// A JSON array as it is stored: lists send it on, parseTags() reads it.
  std::string tags_json = "[]";
  /// The same: what can be read with the encoding that plays.
  std::string subtitles_json = "[]";
  bool is_paid = false;
  std::optional<std::int64_t> price_minor;  ///< in the site's currency; set iff is_paid
  VideoState state = VideoState::Uploaded;
  bool reprocessing = false;  ///< READY, and made anew meanwhile
  /// FAILED; or READY, and the last try to make it anew came to nothing.
  std::optional<Failure> failure;
  bool damaged = false;  ///< decoded with errors, but there is something to watch
  std::optional<std::int64_t> duration_ms;
  std::optional<std::int64_t> current_encoding;  ///< the one that plays
  std::optional<std::string> poster_key;         ///< of the picture that is shown
  bool own_poster = false;                       ///< its owner's, not one made of a frame
  EpochMs created_at = 0;
  EpochMs updated_at = 0;
  std::optional<EpochMs> deleted_at;
  int made_percent = 0;                     ///< of the encoding that grows: fillWork()
  std::optional<std::int64_t> eta_seconds;  ///< until that is whole, if it can be told

  /// 0 to 100: how much is made of its newest file.
  int progress() const noexcept {
    return state == VideoState::Ready && !reprocessing ? 100 : made_percent;
  }
  /// The current encoding has a published contiguous prefix: processing names it no earlier.
  bool playable() const noexcept { return current_encoding.has_value(); }
};

}  // namespace reeld::catalog
