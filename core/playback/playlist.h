// HLS playlists as text (RFC 8216 and its second edition). Pure: values in, text out; golden files
// pin it. What is listed here exists: callers pass the contiguous published prefix of each
// rendition.
#pragma once
#include "playback/sounds.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace reeld::playback {

struct Variant {
  std::string uri;
  std::string codecs;          ///< RFC 6381
  std::int64_t bandwidth = 0;  ///< peak, bits per second
  std::int64_t average_bandwidth = 0;
  int width = 0;  ///< 0 = sound alone
  int height = 0;
  std::int64_t frame_rate_milli = 0;
};

/// One of the tracks of sound that go with every variant.
struct ListedSound {
  std::string uri;  ///< empty: it is within the variants
  SoundFacts facts;
  bool is_default = false;
};

/// Variants in the order given; players that do not measure start with the first. A sound within
/// the variants is named only where there is another to choose. `subtitles`: the lines that list
/// theirs (subtitles.h), if they have any.
std::string masterPlaylist(std::span<const Variant> variants,
                           std::span<const ListedSound> sounds = {},
                           const std::string& subtitles = "");

/// A quoted-string (RFC 8216 4.2): what would end the quotes, or the line, is left out.
std::string quoted(std::string_view value);

struct ListedSegment {
  std::string uri;
  std::int64_t duration_us = 0;
};

/// Complete: VOD with an end. Else EVENT, which may only grow. target_duration is constant for the
/// life of an encoding and at least every duration, rounded up. `init`: where the head of all
/// segments is, of those that have none of their own.
std::string mediaPlaylist(int target_duration, std::span<const ListedSegment> segments,
                          bool complete, const std::string& init = "");

/// "segment_007.ts": at least three digits.
std::string segmentFileName(std::uint64_t number);

}  // namespace reeld::playback
