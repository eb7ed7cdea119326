// From source facts and settings to what is to be made: rungs and the one segment grid. Pure and
// deterministic, because every task and every restart must compute the same boundaries.
// The figures are those of the encoding page: CRF with a capped rate, a rung is the short side of
// the displayed picture, and nothing is ever scaled up.
#pragma once
#include "base/json.h"
#include "processing/sounds.h"
#include "processing/source_facts.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reeld::processing {

struct LadderSettings {
  std::vector<int> rungs{480, 720, 1080};  ///< short sides
  std::string preset = "veryfast";
  double crf = 20;
  int segment_seconds = 4;
  std::vector<std::string> formats{"hls-ts"};
  bool copy = true;  ///< the top rung is the source's own pictures, where they are fit
  int threads = 4;   ///< per encoder
  int audio_bitrate = 128'000;
  std::int64_t max_pixels = 36'000'000;  ///< of one coded frame
  std::int64_t max_duration_ms = std::int64_t{24} * 3600 * 1000;
};

/// Copied: the source's own pictures.
enum class Making { Encoded, Copied };

struct Rung {
  std::string name;  ///< "720p", or "audio"
  int width = 0;
  int height = 0;
  std::int64_t maxrate = 0;  ///< bits per second
  std::int64_t bufsize = 0;
  std::string profile;  ///< main or high
  Making making = Making::Encoded;
};

using RungNames = std::set<std::string>;

/// One encoding's plan: kept with it as JSON, handed to the encoder as its spec.
struct Plan {
  Ratio fps;
  std::int64_t segment_frames = 0;   ///< of each segment; of the longest, if `starts` names them
  std::vector<std::int64_t> starts;  ///< the first frame of each, at the source's own IDR pictures
  std::vector<Rung> rungs;           ///< smallest first
  std::optional<int> audio_stream;   ///< the main one of `sounds`
  Sounds sounds;
  bool audio_only = false;
  int target_duration = 0;       ///< EXT-X-TARGETDURATION: never changes while an encoding grows
  std::int64_t duration_ms = 0;  ///< as probed
  std::int64_t frames = 0;       ///< of the picture on the grid, as probed
  bool split = false;            ///< made in ranges, its sound apart (range.h)

  /// Of one rendition, as far as the probe can tell.
  std::int64_t segments() const;
  /// Of this segment, if it is not the title's last and shorter.
  std::int64_t framesOf(std::int64_t segment) const;
  /// How many rungs are made this way, and how the rung of a name is.
  std::int64_t count(Making making) const;
  Making making(const std::string& rung) const;
  RungNames names(Making making) const;
  /// Its first segment is made in the smallest rung before anything else, so that it can be played:
  /// nothing is copied, and there is much besides.
  bool hasBeginning() const;
  bool copies() const { return !starts.empty(); }
  /// The sound is made by a job of its own, or by the one that copies, and ranges are given it.
  bool soundApart() const { return audio_stream && (split || copies()); }
  /// What the encoder plugin is told (the shape is in sdk/, kind encoder).
  Json spec(const LadderSettings& settings) const;
  Json toJson() const;
  static Plan fromJson(const Json& json);
};

/// Throws Error INVALID, with a sentence for the owner, for a source beyond the limits.
Plan planFor(const SourceFacts& facts, const LadderSettings& settings);

/// Names everything in the spec that changes the made bytes, so tasks of different settings never
/// mix.
std::string settingsHash(const Plan& plan, const LadderSettings& settings);

}  // namespace reeld::processing
