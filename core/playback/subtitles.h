// The subtitles of an encoding as players are told of them: in HLS a playlist of WebVTT in pieces,
// in DASH one file beside the manifest. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::playback {

struct Media;

struct Subtitles {
  std::int64_t number = 0;  ///< names them in URLs
  std::string language;     ///< BCP 47; empty = unknown
  std::string name;         ///< no other track has it
  bool is_default = false;
  bool is_forced = false;
  bool for_hearing_impaired = false;
  std::string storage_key;
};

/// Lines of a master playlist; "" for none. `base` is put in front of every URL.
std::string listedSubtitles(const std::vector<Subtitles>& all, const std::string& base);
/// An AdaptationSet of a manifest.
std::string dashSubtitles(const Subtitles& subtitles, int id);

/// "7" -> the track of that number; nullptr for any other text.
const Subtitles* findSubtitles(const Media& media, std::string_view number) noexcept;

/// What is read as one piece: whole segments, a minute of them. Microseconds of the title.
struct SubtitlePiece {
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;
};
std::vector<SubtitlePiece> subtitlePieces(const Media& media);
/// index.m3u8 of any track.
std::string subtitlePlaylist(const Media& media);
/// "7.vtt" -> the piece of that number, if there is one.
std::optional<std::size_t> subtitlePieceNumber(std::string_view file_name, std::size_t pieces);

}  // namespace reeld::playback
