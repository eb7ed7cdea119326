// What the encoder says it made, at the end of a task: checked against the rows, and the source of
// what rows cannot know (codecs, damage).
#pragma once
#include "processing/ladder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::processing {

struct RenditionReport {
  std::string name;
  int width = 0;
  int height = 0;
  std::string codecs;
  Ratio fps;
  std::int64_t frames = 0;
  std::int64_t segments = 0;
};

struct Report {
  std::int64_t frames = 0;
  std::int64_t duration_us = 0;
  std::int64_t decode_errors = 0;
  bool damaged = false;
  std::string refused;  ///< of a task that copies: why it cannot; else empty
  std::vector<RenditionReport> renditions;

  /// Throws Error CORRUPT (reason crashed): the child wrote it, so a report that cannot be read is
  /// a failure of the child.
  static Report parse(const std::string& text);
  const RenditionReport* find(const std::string& name) const noexcept;
};

}  // namespace reeld::processing
