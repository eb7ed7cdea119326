// A sheet of a storyboard, made by the plugin and looked at with ffmpeg.
#include "catch.h"
#include "clip.h"
#include "spec.h"

#include <reeld/plugin.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace reeld::test;

namespace {

const std::string Task = R"({"storyboard":{"tile_width":160,"tile_height":90,"columns":6}})";
const std::string BoardClip = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -f mpegts -y ";

void makeColour(const std::string& colour, const std::string& behind, const std::string& file) {
  makeClip("-f lavfi -i color=" + colour + ":size=320x180:rate=25:duration=0.2 -f lavfi -i color=" +
           behind + ":size=320x180:rate=25:duration=0.4 -filter_complex concat" + BoardClip + file);
}

/// "255 0 0": the average colour of a tile.
std::array<int, 3> colourOf(const std::string& sheet, int x) {
  const std::string pixel =
      shell("ffmpeg -nostdin -v error -i " + sheet + " -vf crop=160:90:" + std::to_string(x) +
            ":0,scale=1:1:flags=area -f rawvideo -pix_fmt rgb24 - | od -An -tu1");
  std::array<int, 3> colour{-1, -1, -1};
  std::sscanf(pixel.c_str(), "%d %d %d", &colour[0], &colour[1], &colour[2]);
  return colour;
}

bool isAbout(const std::array<int, 3>& colour, const std::array<int, 3>& wanted) {
  return std::equal(colour.begin(), colour.end(), wanted.begin(),
                    [](int a, int b) { return std::abs(a - b) < 12; });
}

}  // namespace

TEST_CASE("a sheet has the first picture of each input, in its colours and its place") {
  const Folder folder;
  makeColour("red", "white", folder / "a.ts");
  makeColour("blue", "white", folder / "b.ts");
  const auto outcome =
      plugin().runWithSound(Task, folder / "a.ts", folder / "b.ts", folder / "out");
  INFO(outcome.message);
  REQUIRE(outcome.status == REELD_OK);
  CHECK(outcome.artifacts == std::vector<std::string>{"storyboard", "report"});
  const std::string sheet = folder / "out/storyboard.jpg";
  CHECK(shell("ffprobe -v error -show_entries stream=width,height -of csv=p=0 " + sheet) ==
        "320,90\n");
  CHECK(isAbout(colourOf(sheet, 0), {254, 0, 0}));
  CHECK(isAbout(colourOf(sheet, 160), {0, 0, 254}));
  CHECK(reeld::bench::readFile(folder / "out/report.json") ==
        R"({"tiles":[{"name":"source","decoded":true},{"name":"sound","decoded":true}]})");
}

TEST_CASE("an input without a picture stays black, and none at all is refused") {
  const Folder folder;
  makeColour("red", "white", folder / "a.ts");
  std::ofstream(folder / "b.ts") << "just some text, many times over\n";
  const auto outcome =
      plugin().runWithSound(Task, folder / "b.ts", folder / "a.ts", folder / "out");
  REQUIRE(outcome.status == REELD_OK);
  CHECK(isAbout(colourOf(folder / "out/storyboard.jpg", 0), {0, 0, 0}));
  CHECK(isAbout(colourOf(folder / "out/storyboard.jpg", 160), {254, 0, 0}));
  CHECK(reeld::bench::readFile(folder / "out/report.json").find("\"source\",\"decoded\":false") !=
        std::string::npos);
  const auto none = plugin().run(Task, folder / "b.ts", folder / "none");
  CHECK(none.status == REELD_INVALID);
  CHECK(none.artifacts.empty());
}

TEST_CASE("the task of a sheet is read, and odd sizes are refused where they are said") {
  const auto refusedAt = [](const std::string& json) {
    try {
      reeld::libav::parseSpec(json);
    } catch (const reeld::sdk::Failure& failure) {
      return std::string(failure.pointer());
    }
    return std::string("accepted");
  };
  CHECK(reeld::libav::parseSpec(Task).storyboard->columns == 6);
  CHECK(refusedAt(Task) == "accepted");
  CHECK(refusedAt(R"({"storyboard":7})") == "/storyboard");
  CHECK(refusedAt(R"({"storyboard":{"tile_width":161}})") == "/storyboard/tile_width");
  CHECK(refusedAt(R"({"storyboard":{"tile_height":0}})") == "/storyboard/tile_height");
  CHECK(refusedAt(R"({"storyboard":{"columns":99}})") == "/storyboard/columns");
}
