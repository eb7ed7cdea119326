// What probing a source said, as values. The probe ran in the worker child on a file a stranger
// sent, so nothing in its JSON is believed before it has passed through here.
#pragma once
#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::processing {

/// A frame rate or an aspect: num/den, both positive.
struct Ratio {
  std::int64_t num = 1;
  std::int64_t den = 1;
  double value() const noexcept { return static_cast<double>(num) / static_cast<double>(den); }
  bool operator==(const Ratio&) const = default;
};

struct VideoFacts {
  int width = 0;  ///< as displayed: after rotation and sample aspect
  int height = 0;
  Ratio fps;                ///< of the constant-rate grid the encoder will count in
  std::int64_t frames = 0;  ///< estimate on that grid
  /// A task may begin in mid-title, at the nearest of the key frames (slots of the grid, rising).
  bool seekable = false;
  std::vector<std::int64_t> key_frames;
  /// Bytes of the pictures from each key frame to the next, of a source whose pictures may be
  /// played as they are; else empty.
  std::vector<std::int64_t> copyable;
};

/// What a track of sound is for. Description: tells what is to be seen. Clear speech: for whoever
/// hears badly.
enum class SoundPurpose { Dialogue, Commentary, Description, ClearSpeech };

struct AudioFacts {
  int stream = 0;
  bool is_default = false;
  std::int64_t channels = 0;
  std::string language = {};  ///< as the file says it
  std::string title = {};
  SoundPurpose purpose = SoundPurpose::Dialogue;
};

/// A track of sound that the encoder knows no decoder for.
struct UndecodableSound {
  int stream = 0;
  std::string codec;
};

/// A track of subtitles, as the file says it.
struct SubtitleFacts {
  int stream = 0;
  std::string codec;
  std::string language;
  std::string title;
  bool is_text = false;  ///< else pictures
  bool is_default = false;
  bool is_forced = false;
  bool for_hearing_impaired = false;
};

struct SourceFacts {
  std::string format;
  std::int64_t duration_ms = 0;
  std::optional<VideoFacts> video;
  std::vector<AudioFacts> audio;
  std::vector<SubtitleFacts> subtitles;
  std::vector<UndecodableSound> undecodable;

  /// Throws Error INVALID, with a sentence for the file's owner, if there is nothing to make a
  /// stream of.
  static SourceFacts fromJson(const Json& json);
};

}  // namespace reeld::processing
