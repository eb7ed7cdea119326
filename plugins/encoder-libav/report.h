// What came of a task, measured on what was written: report.json
// (sdk/include/reeld/kind/encoder.h).
#pragma once
#include "rendition_writer.h"
#include "spec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::libav {

struct RenditionReport {
  std::string name;
  int width = 0;
  int height = 0;
  std::string codecs;
  std::vector<SegmentSize> segments;
  std::uint64_t frames = 0;
};

struct Report {
  std::int64_t frames = 0;  ///< slots of the grid that were filled
  std::int64_t decode_errors = 0;
  bool damaged = false;
  std::string
      refused;  ///< why a source cannot be copied; then nothing made of it is worth anything
  std::vector<RenditionReport> renditions;
};

std::string toJson(const Report& report, const Spec& spec);

}  // namespace reeld::libav
