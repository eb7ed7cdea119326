// The lines of a child, bent: CORRUPT, or an event whose figures, paths and sentences are within
// what the header promises; and the line reader finds the same lines in every cut.
#include "mutations.h"
#include "processing/worker_events.h"

using namespace reeld;
using namespace reeld::processing;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const Language Lines{
    "lines of a worker",
    {R"({"event":"progress","permille":500})",
     R"({"event":"segment","rendition":"480p","format":"hls-ts","path":"480p/segment_000.ts","index":0,"start_us":0,"duration_us":4000000,"bytes":1000,"frames":100})",
     R"({"event":"artifact","kind":"poster","path":"poster.jpg"})",
     R"({"event":"log","level":6,"text":"a\u0007b"})",
     R"({"event":"failed","status":11,"message":"cut"})",
     R"({"event":"facts","facts":{"format":"mp4"}})",
     "{\"event\":\"done\"}\n{\"event\":\"sandbox\"}\n"},
    {"{",
     "}",
     "\"",
     ",",
     ":",
     "\n",
     "../",
     "/",
     "/etc",
     ".",
     "\\u0000",
     "\\u000a",
     "-1",
     "1001",
     "13",
     "14",
     "1.5",
     "1e3",
     "9223372036854775807",
     "18446744073709551616",
     "null",
     "true",
     "[]",
     "\xff",
     "\"event\":\"done\"",
     "\"event\":\"segment\"",
     "\"path\":\"a\"",
     "\"status\":0"}};

bool isShown(const std::string& text) {
  return text.size() <= 400 &&
         std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; });
}

struct IsSound {
  bool operator()(const SandboxEvent& event) const { return event.layers.isObject(); }
  bool operator()(const LogEvent& event) const {
    return event.level >= 0 && event.level <= 7 && isShown(event.text);
  }
  bool operator()(const ProgressEvent& event) const { return event.permille <= 1000; }
  bool operator()(const MadeSegment& event) const {
    return isTaskPath(event.path) && event.start_us >= 0 && event.duration_us >= 0 &&
           event.index <= 10'000'000;
  }
  bool operator()(const ArtifactEvent& event) const { return isTaskPath(event.path); }
  bool operator()(const FactsEvent&) const { return true; }
  bool operator()(const DoneEvent&) const { return true; }
  bool operator()(const FailedEvent& event) const {
    return event.code != ErrorCode::Ok && event.code != ErrorCode::Defer && isShown(event.message);
  }
};

std::vector<std::string> linesOf(std::string_view bytes, std::size_t step) {
  LineReader reader;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    reader.add(bytes.substr(at, step));
    while (auto line = reader.next()) {
      lines.push_back(std::move(*line));
    }
  }
  return lines;
}

const char* broken(std::string_view input, Mutations& random) {
  if (linesOf(input, input.size() + 1) != linesOf(input, 1 + random.below(40))) {
    return "small pieces hold other lines than one";
  }
  try {
    return std::visit(IsSound(), parseWorkerEvent(input))
               ? nullptr
               : "an event beyond its bounds is believed";
  } catch (const Error& error) {
    return error.code() == ErrorCode::Corrupt ? nullptr : "refused with another code than CORRUPT";
  }
}

}  // namespace

TEST_CASE("a bent line of a worker is refused, or is an event within its bounds") {
  reeld::test::fuzz(Lines, broken);
}
