// WebVTT as it is read and printed again: only cues survive, whole and in their places.
#include "webvtt/cue_sheet.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::webvtt;

namespace {

CueSheet sheet(const std::string& body) { return CueSheet::parse("WEBVTT\n\n" + body); }

constexpr Stretch All{0, 1'000'000'000};
constexpr std::int64_t Long = 1'000'000'000;

}  // namespace

TEST_CASE("cues are read with their times, settings and lines, whatever the line ends are") {
  const auto cues =
      CueSheet::parse(
          "\xef\xbb\xbfWEBVTT a title\r\nKind: captions\r\n\r\nNOTE none\r\nof this\r\n"
          "\r\nSTYLE\r\n::cue { color: red }\r\n\r\n7\r\n00:01.500 --> 00:02.000 "
          "line:0 align:start\r\none\r\ntwo\r\n\r\n\r\n01:00:00.000 --> "
          "01:00:01.000\rlast")
          .cues();
  REQUIRE(cues.size() == 2);
  CHECK(cues[0].start_ms == 1500);
  CHECK(cues[0].end_ms == 2000);
  CHECK(cues[0].settings == "line:0 align:start");
  CHECK(cues[0].text == "one\ntwo");
  CHECK(cues[1].start_ms == 3'600'000);
  CHECK(cues[1].text == "last");
}

TEST_CASE("what takes no time or shows nothing is no cue, and cues come by their times") {
  const auto cues = sheet(
                        "00:05.000 --> 00:06.000\nlate\n\n00:02.000 --> 00:02.000\nnever\n\n"
                        "00:03.000 --> 00:01.000\nback\n\n00:01.000 --> 00:02.000\n\n"
                        "00:61.000 --> 01:02.000\nodd\n\n1:00.000 --> 1:02.000\nodd\n\n"
                        "00:01.000 --> 00:09.000\nearly\n")
                        .cues();
  REQUIRE(cues.size() == 2);
  CHECK(cues[0].text == "early");
  CHECK(cues[1].text == "late");
}

TEST_CASE("what is no WebVTT, or could be taken for another cue, is refused") {
  for (const char* file : {"", "WEBVT", "WEBVTTX\n\n", "1\n00:01.000 --> 00:02.000\nx\n",
                           "WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\n",
                           "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny\n"}) {
    CHECK_THROWS_AS(CueSheet::parse(file), Error);
  }
  CHECK(CueSheet::parse("WEBVTT").cues().empty());
  CHECK_THROWS_AS(CueSheet::parse(std::string_view("WEBVTT\n\n\0", 9)), Error);
}

TEST_CASE("settings that are none are dropped, the cue stays") {
  CHECK(sheet("00:01.000 --> 00:02.000 line:0\x01\nx\n").cues().front().settings.empty());
  CHECK(sheet("00:01.000 --> 00:02.000 <b>\nx\n").cues().front().settings.empty());
}

TEST_CASE("a cue over an edge is in both pieces with its own times; none outlives the title") {
  const CueSheet cues = sheet(
      "00:01.000 --> 00:02.000\none\n\n00:03.000 --> 00:05.000 line:0\nover\n\n"
      "00:04.000 --> 00:04.500\ntwo\n\n00:07.000 --> 00:30.000\nlong\n\n"
      "00:09.000 --> 00:10.000\nbeyond\n");
  CHECK(cues.print({0, 4000}, 8000, "X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n") ==
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n"
        "00:00:01.000 --> 00:00:02.000\none\n\n00:00:03.000 --> 00:00:05.000 line:0\nover\n");
  CHECK(cues.print({4000, 8000}, 8000) ==
        "WEBVTT\n\n00:00:03.000 --> 00:00:05.000 line:0\nover\n\n"
        "00:00:04.000 --> 00:00:04.500\ntwo\n\n00:00:07.000 --> 00:00:08.000\nlong\n");
  CHECK(cues.print({5000, 7000}, 8000) == "WEBVTT\n");
}

TEST_CASE("what is printed is read as it was") {
  const CueSheet cues = sheet(
      "00:00.000 --> 00:02.000\n<i>a &amp; b</i>\nc\n\n99:59:59.999 --> "
      "100:00:00.000\n\xe2\x82\xac\n");
  const auto again = CueSheet::parse(cues.print(All, Long)).cues();
  REQUIRE(again.size() == 2);
  CHECK(again[0].text == "<i>a &amp; b</i>\nc");
  CHECK(again[1].start_ms == 359'999'999);
  CHECK(again[1].text == "\xe2\x82\xac");
}
