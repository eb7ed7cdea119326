// The task as the host states it (sdk/include/reeld/kind/encoder.h has the shape), read and checked
// once; everything after this works on these structs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include <libavutil/rational.h>
}

namespace reeld::libav {

/// Samples per second of the sound that is made, whatever the source's.
inline constexpr int AudioRate = 48'000;

struct RungSpec {
  std::string name;  ///< folder and rendition: [a-z0-9_-]
  int width = 0;
  int height = 0;
  double crf = 20;
  std::int64_t maxrate = 0;  ///< bits per second, 0 = uncapped
  std::int64_t bufsize = 0;  ///< bits
  std::string profile = "high";
  bool copied = false;  ///< the source's own pictures; nothing above but the name and size counts
};

struct AudioSpec {
  int stream = 0;
  std::int64_t bitrate = 128'000;
  /// Another task has made it: from this segment on it is in the input "sound".
  std::optional<std::int64_t> ready_from;
  /// The stream that is heard with the title's pictures: the task makes another one beside it.
  std::optional<int> beside;
};

struct Limits {
  std::int64_t max_pixels = 36'000'000;
  std::int64_t max_duration_ms = 24LL * 3600 * 1000;
  std::int64_t max_gap_ms = 30'000;
  int max_streams = 32;
};

/// A task that makes a JPEG of a still image, and nothing else.
struct StillSpec {
  int most_side = 1280;
};

/// A task that makes one JPEG of the first picture of each of its inputs, row by row.
struct StoryboardSpec {
  int tile_width = 160;  ///< even, as is the height
  int tile_height = 90;
  int columns = 6;
};

/// A task that takes the text of these streams out, and makes nothing else.
struct SubtitlesSpec {
  std::vector<int> streams;
  std::int64_t most_cues = 50'000;      ///< of each
  std::int64_t most_bytes = 4LL << 20;  ///< of each file
};

struct Spec {
  AVRational fps{25, 1};
  int segment_frames = 100;  ///< of every segment; of the longest, if `starts` says them one by one
  /// The first frame of each segment of the title; empty: segments are equally long.
  std::vector<std::int64_t> starts;
  std::int64_t first_segment = 0;
  std::optional<std::int64_t> segment_count;  ///< nothing = to the end
  std::vector<RungSpec> rungs;
  std::string preset = "veryfast";
  int threads = 1;  ///< per encoder
  std::optional<AudioSpec> audio;
  bool poster = false;
  /// A task that copies decodes every picture, because no other does.
  bool decode_all = false;
  /// The first segment of the smallest rung is another task's as well, and may be that one's.
  bool beginning_apart = false;
  bool seek = false;        ///< a task in mid-title goes to its first frame by its time
  std::int64_t frames = 0;  ///< of the whole title, as planned; 0 = unknown
  /// The first segment of each part: a task that makes the title's sound alone.
  std::vector<std::int64_t> sound_parts;
  std::optional<SubtitlesSpec> subtitles;  ///< then of the above fps and audio alone say something
  std::optional<StoryboardSpec> storyboard;  ///< then nothing above says anything
  std::optional<StillSpec> still;            ///< then nothing above says anything
  bool decodes = false;  ///< nor then, but the threads: the task only decodes its inputs
  Limits limits;

  /// The task makes a track of sound beside the title's own.
  bool makesAlternate() const { return audioOnly() && audio && audio->beside; }
  bool audioOnly() const { return rungs.size() == 1 && rungs.front().width == 0; }
  /// The task takes the source's pictures as they are, for its one rung.
  bool copies() const { return rungs.size() == 1 && rungs.front().copied; }
  /// First frame of a segment; the end of the title for those behind its last, if that is known.
  std::int64_t startOf(std::int64_t segment) const;
  std::int64_t framesOf(std::int64_t segment) const {
    return startOf(segment + 1) - startOf(segment);
  }
  bool startsSegment(std::int64_t frame) const;
  std::int64_t firstFrame() const { return startOf(first_segment); }
  /// One past the task's last frame, or nothing if the source decides.
  std::optional<std::int64_t> endFrame() const;
  /// Where the title ends is known, and the task goes that far.
  bool endsTitle() const { return !starts.empty() && endFrame() == frames; }
  /// When slot n of the grid is shown, in microseconds.
  std::int64_t timeUs(std::int64_t frame) const;
  /// The same in samples of the encoded sound, which all cuts are made at.
  std::int64_t sampleAt(std::int64_t frame) const;
};

/// Throws INVALID with the JSON pointer of what is wrong.
Spec parseSpec(std::string_view json);

}  // namespace reeld::libav
