// The keys under which things lie in storage. Made here and nowhere else, from ids and tokens of
// our own: no part of a key ever comes from a client. A key holds the token of the task that wrote
// it, so that no object is ever overwritten by another task.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::storage {

inline constexpr std::size_t MaxKeyLength = 512;

/// All sources of a video, for list(): videos/<video>/sources/
std::string sourcePrefix(std::int64_t video_id);
/// videos/<video>/sources/<upload token>
std::string sourceKey(std::int64_t video_id, std::string_view upload_token);
/// videos/<video>/encodings/<encoding>/<lease token>/<rendition>/segment_NNN.ts
std::string segmentKey(std::int64_t video_id, std::int64_t encoding_id,
                       std::string_view lease_token, std::string_view rendition,
                       std::int64_t number);
/// videos/<video>/encodings/<encoding>/<lease token>/sound/part_NNN.aac
std::string soundKey(std::int64_t video_id, std::int64_t encoding_id, std::string_view lease_token,
                     std::int64_t first_segment);
/// videos/<video>/encodings/<encoding>/<lease token>/subtitles/track_NNN.vtt
std::string subtitlesKey(std::int64_t video_id, std::int64_t encoding_id,
                         std::string_view lease_token, std::int64_t track);
/// videos/<video>/encodings/<encoding>/<lease token>/storyboard/sheet_NNN.jpg
std::string storyboardKey(std::int64_t video_id, std::int64_t encoding_id,
                          std::string_view lease_token, std::int64_t sheet);
bool isStoryboard(std::string_view key) noexcept;
/// videos/<video>/posters/<token>.jpg
std::string posterKey(std::int64_t video_id, std::string_view token);
/// Everything of a video, for list(): videos/<video>/
std::string videoPrefix(std::int64_t video_id);

/// segment_NNN.ts: at least three digits, more when the title is long. The name in playlists as
/// well.
std::string segmentName(std::int64_t number);

/// Parts of [A-Za-z0-9_.-], none of them "." or "..", joined by single slashes, not too long.
bool isBlobKey(std::string_view key) noexcept;

}  // namespace reeld::storage
