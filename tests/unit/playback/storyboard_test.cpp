// A storyboard as players read it: cues on the time line of the title, places in sheets.
#include "playback/storyboard.h"

#include "catch.h"
#include "playback/media.h"

using namespace reeld::playback;

namespace {

Media mediaWithBoard(std::vector<std::int64_t> segments, Storyboard board) {
  Media media;
  media.complete = true;
  media.renditions.emplace_back();
  media.renditions.front().segment_us = std::move(segments);
  media.storyboard = std::move(board);
  return media;
}

}  // namespace

TEST_CASE("each picture stands for the time from its own to the next one's") {
  const Media media = mediaWithBoard({4'004'000, 4'004'000, 4'004'000, 4'004'000, 1'001'000},
                                     {160, 90, 2, 1, 2, 3, {}});
  CHECK(storyboardText(media, {}) ==
        "WEBVTT\n"
        "\n00:00:00.000 --> 00:00:08.008\nsheet_000.jpg#xywh=0,0,160,90\n"
        "\n00:00:08.008 --> 00:00:16.016\nsheet_000.jpg#xywh=160,0,160,90\n"
        "\n00:00:16.016 --> 00:00:17.017\nsheet_001.jpg#xywh=0,0,160,90\n");
}

TEST_CASE("sheets are addressed as whoever hands out the file wants it") {
  const Media media = mediaWithBoard({250'000}, {64, 48, 6, 6, 8, 1, {"key"}});
  CHECK(storyboardText(media, {"/media/g/x/7/storyboard/", "?encoding=7"}) ==
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.250\n"
        "/media/g/x/7/storyboard/sheet_000.jpg?encoding=7#xywh=0,0,64,48\n");
}

TEST_CASE("tiles go row by row, sheet by sheet") {
  const std::string text = storyboardText(
      mediaWithBoard(std::vector<std::int64_t>(40, 4'000'000), {160, 90, 6, 6, 1, 40, {}}), {});
  CHECK(text.find("00:00:24.000 --> 00:00:28.000\nsheet_000.jpg#xywh=0,90,160,90\n") !=
        std::string::npos);
  CHECK(text.find("00:02:20.000 --> 00:02:24.000\nsheet_000.jpg#xywh=800,450,160,90\n") !=
        std::string::npos);
  CHECK(text.ends_with("00:02:36.000 --> 00:02:40.000\nsheet_001.jpg#xywh=480,0,160,90\n"));
}

TEST_CASE("a sheet is found by its name alone") {
  const Media media = mediaWithBoard({}, {160, 90, 6, 6, 1, 37, {"first", "second"}});
  CHECK(*sheetKey(media, "sheet_001.jpg") == "second");
  for (const char* odd : {"sheet_002.jpg", "sheet_1.jpg", "sheet_0001.jpg", "sheet_001.JPG", "",
                          "first", "index.vtt", "sheet_-01.jpg"}) {
    CHECK(sheetKey(media, odd) == nullptr);
  }
  CHECK(sheetKey(Media{}, "sheet_000.jpg") == nullptr);
}
