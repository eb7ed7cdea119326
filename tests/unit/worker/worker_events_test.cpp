// Lines of a child that met a stranger's file: what is believed of them.
#include "processing/worker_events.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::processing;

TEST_CASE("paths of a task stay below its folder") {
  for (const char* good : {"poster.jpg", "480p/segment_000.ts", "a/b/c"}) {
    CHECK(isTaskPath(good));
  }
  for (const char* bad :
       {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a b", "a\\b", "ä"}) {
    CHECK_FALSE(isTaskPath(bad));
  }
  CHECK_FALSE(isTaskPath(std::string_view("a\0b", 3)));
  CHECK_FALSE(isTaskPath(std::string(201, 'a')));
}

TEST_CASE("a segment's figures are within reason or refused") {
  const auto line = [](const char* figures) {
    return std::string(
               R"({"event":"segment","rendition":"480p","format":"hls-ts","path":"480p/a.ts",)") +
           figures + "}";
  };
  const auto made = std::get<MadeSegment>(parseWorkerEvent(
      line(R"("index":3,"start_us":12000000,"duration_us":4000000,"bytes":1000,"frames":100)")));
  CHECK(made.index == 3);
  CHECK(made.duration_us == 4'000'000);
  for (const char* bad :
       {R"("index":-1,"start_us":0,"duration_us":1,"bytes":1,"frames":1)",
        R"("index":1,"start_us":0,"duration_us":9223372036854775807,"bytes":1,"frames":1)",
        R"("index":1,"start_us":0,"duration_us":1.5,"bytes":1,"frames":1)",
        R"("index":1,"start_us":0,"duration_us":1,"bytes":1)"}) {
    CHECK_THROWS_AS(parseWorkerEvent(line(bad)), Error);
  }
}

TEST_CASE("lines of no known event are refused") {
  for (const char* bad : {"", "{}", "[]", "nonsense", R"({"event":"root"})", R"({"event":7})",
                          R"({"event":"progress","permille":1001})", R"({"event":"progress"})",
                          R"({"event":"artifact","kind":"poster","path":"../../x"})"}) {
    CHECK_THROWS_AS(parseWorkerEvent(bad), Error);
  }
}

TEST_CASE("a status that is none counts as internal, and a long message is cut") {
  const auto event = std::get<FailedEvent>(parseWorkerEvent(
      R"({"event":"failed","status":99,"message":")" + std::string(5000, 'x') + "\"}"));
  CHECK(event.code == ErrorCode::Internal);
  CHECK(event.message.size() == 400);
}

TEST_CASE("lines are put together whatever the pieces") {
  LineReader lines;
  lines.add("one\ntw");
  CHECK(lines.next() == "one");
  CHECK_FALSE(lines.next());
  lines.add("o\n\nthree\n");
  CHECK(lines.next() == "two");
  CHECK(lines.next()->empty());
  CHECK(lines.next() == "three");
  CHECK_FALSE(lines.next());
}
