// A WebVTT file (W3C WebVTT) as the cues it holds, and any stretch of them as a file again. What is
// read was made of a stranger's upload: of everything but cues (styles, regions, notes) nothing is
// kept, and nothing that is printed can end a cue early or begin another. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::webvtt {

struct Cue {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;  ///< later than its start
  std::string settings;     ///< "line:0"; empty = where cues usually are
  std::string text;         ///< lines, none of them blank
};

/// Of a title, up to but not including `to_ms`.
struct Stretch {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
};

class CueSheet {
 public:
  static constexpr const char* Type = "text/vtt; charset=utf-8";

  /// Cues by time; those that take no time or show nothing are left out. Throws Error INVALID for
  /// what is no WebVTT file.
  static CueSheet parse(std::string_view file);

  const std::vector<Cue>& cues() const noexcept { return cues_; }
  /// A file of the cues that are shown in this stretch, with their times in the title; none goes on
  /// after `title_ms`. `head`: further lines behind the first, each with its end.
  std::string print(const Stretch& stretch, std::int64_t title_ms,
                    std::string_view head = {}) const;

 private:
  std::vector<Cue> cues_;
};

}  // namespace reeld::webvtt
