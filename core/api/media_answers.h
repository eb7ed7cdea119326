// Playlists and segments as answers, whoever asked and however he proved that he may.
#pragma once
#include "api/media_files.h"
#include "http/exchange.h"
#include "playback/media.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld::api {

/// How HLS playlists are labelled (RFC 8216, section 4).
inline constexpr const char* PlaylistType = "application/vnd.apple.mpegurl";

/// Throws NOT_FOUND.
[[noreturn]] void nothingHere();

/// A positive decimal number of a path; throws NOT_FOUND for anything else.
std::int64_t pathNumber(std::string_view digits);

/// `name` tells the playlists of one encoding apart.
http::Response playlistAnswer(const playback::Media& media, std::string_view name,
                              const http::SharedText& text, const char* cache_control);

/// How far an answer may go for its bytes.
enum class Reach { Memory, Storage };

/// A segment's bytes; nothing if they are out of reach, or lost.
std::optional<http::Response> segmentAnswer(MediaFiles& files, const std::string& key, Reach reach,
                                            const char* content_type, const char* cache_control);

}  // namespace reeld::api
