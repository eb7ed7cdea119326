// What was made of a source, as values: an encoding, its renditions, their segments.
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::processing {

using EncodingId = std::int64_t;

/// growing: a task writes it. ready: verified. failed: given up. retired: another one plays now.
enum class EncodingState { Growing, Ready, Failed, Retired };

std::string_view word(EncodingState state) noexcept;

struct Encoding {
  EncodingId id = 0;
  std::int64_t video_id = 0;
  std::int64_t source_id = 0;
  EncodingState state = EncodingState::Growing;
  std::string settings_hash;
  std::string plan;              ///< JSON, see Plan::fromJson
  std::int64_t planned = 0;      ///< segments of all renditions, as far as the probe can tell
  std::int64_t duration_ms = 0;  ///< 0 while segments may still come
  bool damaged = false;
  std::optional<std::string> poster_key;  ///< made of it, not shown before it is ready
};

struct Segment {
  std::int64_t number = 0;
  std::int64_t start_us = 0;
  std::int64_t duration_us = 0;
  std::int64_t bytes = 0;
  std::int64_t frames = 0;
  std::string storage_key;
  std::string sha256;  ///< hex, of the bytes as they were published
};

/// Sound is cut at whole packets of some 21 ms, and the first segment has the priming packet more.
inline constexpr std::int64_t SoundSlackUs = 50'000;

/// Sound for the segments from one on, as far as the next part: made once, muxed into every rung.
struct SoundPart {
  std::int64_t first_segment = 0;
  std::int64_t bytes = 0;
  std::string storage_key;
};

/// Of renditions: those of the master playlist, and sound beside theirs. The segments of both are
/// transport streams.
inline constexpr const char* PlayedFormat = "hls-ts";
inline constexpr const char* AlternateFormat = "alternate";

struct Rendition {
  std::int64_t id = 0;
  std::string name;  ///< 720p
  std::string format = PlayedFormat;
  int width = 0;  ///< 0 = sound alone
  int height = 0;
  std::int64_t frame_rate_milli = 0;
  std::string codecs;          ///< RFC 6381
  std::int64_t bandwidth = 0;  ///< peak, bits per second
  std::int64_t average_bandwidth = 0;
  std::vector<Segment> segments;  ///< by number
};

}  // namespace reeld::processing
