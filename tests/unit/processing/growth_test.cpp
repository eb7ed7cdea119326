// What a master says of a rendition that has just begun.
#include "processing/growth.h"

#include "catch.h"

using namespace reeld::processing;

namespace {

Plan plan() {
  Plan one;
  one.fps = {30000, 1001};
  Rung rung;
  rung.name = "480p";
  rung.maxrate = 1'600'000;
  one.rungs.push_back(rung);
  return one;
}

Rendition rendition() {
  Rendition one;
  one.id = 7;
  one.name = "480p";
  return one;
}

Segment first(std::int64_t bytes) {
  Segment segment;
  segment.bytes = bytes;
  segment.duration_us = 4'000'000;
  return segment;
}

}  // namespace

TEST_CASE("a rendition that has begun is promised its highest rate") {
  const Rendition said = expected(plan(), 128'000, rendition(), first(1000), "avc1.4d401e");
  CHECK(said.id == 7);
  CHECK(said.codecs == "avc1.4d401e");
  CHECK(said.frame_rate_milli == 29'970);
  CHECK(said.bandwidth == 1'728'000 * 108 / 100);
  CHECK(said.average_bandwidth == said.bandwidth);
}

TEST_CASE("a first segment above the promise raises it") {
  CHECK(expected(plan(), 0, rendition(), first(2'000'000), "avc1.4d401e").bandwidth == 4'000'000);
}
