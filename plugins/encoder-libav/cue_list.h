// The cues of one track of subtitles as they are collected, and the WebVTT file they become.
// Bounded, whatever a source holds: what is too much is counted and left out. Pure.
#pragma once
#include "subtitle_text.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::libav {

class CueList {
 public:
  CueList(std::int64_t most_cues, std::int64_t most_bytes)
      : most_cues_(most_cues), bytes_left_(most_bytes) {}

  /// Times on the title's time line. What is over before the title begins, takes no time, or shows
  /// nothing is no cue; what begins before it begins with it.
  void add(std::int64_t start_ms, std::int64_t end_ms, SubtitleText text);

  std::int64_t count() const noexcept { return static_cast<std::int64_t>(cues_.size()); }
  /// No cues, or beyond the bounds.
  std::int64_t dropped() const noexcept { return dropped_; }
  /// As a WebVTT file, by time; what is shown twice at the same time (the layers of a script) once.
  std::string print();

 private:
  struct Cue {
    std::int64_t start_ms;
    std::int64_t end_ms;
    SubtitleText said;
  };
  std::int64_t most_cues_;
  std::int64_t bytes_left_;
  std::int64_t dropped_ = 0;
  std::vector<Cue> cues_;
};

}  // namespace reeld::libav
