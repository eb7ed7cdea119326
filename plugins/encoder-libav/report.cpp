// See report.h.
#include "report.h"

#include "json_text.h"

namespace reeld::libav {

std::string toJson(const Report& report, const Spec& spec) {
  JsonText json;
  json.begin()
      .number("frames", report.frames)
      .number("duration_us",
              spec.timeUs(spec.firstFrame() + report.frames) - spec.timeUs(spec.firstFrame()))
      .number("decode_errors", report.decode_errors)
      .flag("damaged", report.damaged);
  if (!report.refused.empty()) {
    json.text("refused", report.refused);
  }
  json.beginList("renditions");
  for (const RenditionReport& rendition : report.renditions) {
    const Bandwidth bandwidth =
        measureBandwidth(rendition.segments, spec.timeUs(spec.segment_frames));
    json.begin()
        .text("name", rendition.name)
        .number("width", rendition.width)
        .number("height", rendition.height)
        .text("codecs", rendition.codecs)
        .ratio("fps", spec.fps)
        .number("bandwidth", bandwidth.peak)
        .number("average_bandwidth", bandwidth.average)
        .number("frames", static_cast<std::int64_t>(rendition.frames))
        .number("segments", static_cast<std::int64_t>(rendition.segments.size()))
        .end();
  }
  json.endList().end();
  return json.take();
}

}  // namespace reeld::libav
