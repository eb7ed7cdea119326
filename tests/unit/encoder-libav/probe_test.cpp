// What the index pass says of real files: where key frames lie on the grid, and whether a task may
// begin there.
#include "catch.h"
#include "clip.h"
#include "index.h"

#include <rapidjson/document.h>

using namespace reeld::libav;
using namespace reeld::test;

namespace {

constexpr AVRational Milliseconds{1, 1000};
using Slots = std::vector<std::int64_t>;

struct Index {
  bool seekable = false;
  Slots keys;
};

Index indexOf(const std::string& clip) {
  const auto outcome = plugin().probe(clip);
  INFO(outcome.message);
  REQUIRE(outcome.status == REELD_OK);
  rapidjson::Document facts;
  facts.Parse(outcome.facts.c_str());
  Index index{facts["video"]["seekable"].GetBool(), {}};
  for (const auto& slot : facts["video"]["key_frames"].GetArray()) {
    index.keys.push_back(slot.GetInt64());
  }
  return index;
}

// Pictures that refer both ways, so that decoding order is not the order of showing.
const std::string Coded =
    "-f lavfi -i testsrc2=size=160x90:rate=25:duration=4 -c:v libx264 -preset veryfast -bf 2 "
    "-g 30 -sc_threshold 0 -pix_fmt yuv420p ";

}  // namespace

TEST_CASE("key frames of a sample table are found on the grid") {
  const Folder folder;
  makeClip(Coded + (folder / "a.mp4"));
  const Index index = indexOf(folder / "a.mp4");
  CHECK(index.seekable);
  CHECK(index.keys == Slots{0, 30, 60, 90});
}

TEST_CASE("key frames of a Matroska file are found by reading it") {
  const Folder folder;
  makeClip(Coded + (folder / "a.mkv"));
  const Index index = indexOf(folder / "a.mkv");
  CHECK(index.seekable);
  CHECK(index.keys == Slots{0, 30, 60, 90});
}

TEST_CASE("a title is begun at its start alone where times cannot be trusted") {
  const Folder folder;
  makeClip(Coded + (folder / "a.ts"));
  CHECK_FALSE(indexOf(folder / "a.ts").seekable);
  makeClip(Coded + "-movflags +faststart " + (folder / "a.mp4"));
  std::filesystem::resize_file(folder / "a.mp4",
                               std::filesystem::file_size(folder / "a.mp4") * 3 / 4);
  CHECK_FALSE(indexOf(folder / "a.mp4").seekable);
  makeClip(Coded + "-movflags +frag_keyframe+empty_moov " + (folder / "b.mp4"));
  CHECK_FALSE(indexOf(folder / "b.mp4").seekable);
}

TEST_CASE("key frames fall on the slots of their time") {
  PictureIndex index;
  index.times = {40, 80, 120, 160, 2040, 1000};
  index.keys = {40, 1000, 2040};
  CHECK(keySlots(index, Milliseconds, {25, 1}) == Slots{0, 24, 50});
  index.keys = {80, 1000};  // what comes before the first cannot be reached
  CHECK(keySlots(index, Milliseconds, {25, 1}).empty());
  index.keys = {40};
  index.complete = false;
  CHECK(keySlots(index, Milliseconds, {25, 1}).empty());
}

TEST_CASE("tracks of sound are told with their language, title and purpose") {
  const Folder folder;
  const std::string tone = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=1 ";
  makeClip("-f lavfi -i color=size=64x36:rate=10:duration=1 " + tone + tone + tone + tone + tone +
           "-map 0 -map 1 -map 2 -map 3 -map 4 -map 5 -c:v libx264 -c:a aac -c:a:4 wavpack " +
           "-metadata:s:a:0 language=ger -metadata:s:a:0 title=Laut -disposition:a:0 default " +
           "-disposition:a:1 comment -disposition:a:2 visual_impaired " +
           "-disposition:a:3 hearing_impaired -metadata:s:a:4 language=fre " + (folder / "a.mkv"));
  const auto outcome = plugin().probe(folder / "a.mkv");
  REQUIRE(outcome.status == REELD_OK);
  rapidjson::Document facts;
  facts.Parse(outcome.facts.c_str());
  const auto& tracks = facts["audio"];
  REQUIRE(tracks.Size() == 4);
  const auto& first = *tracks.Begin();
  CHECK(first["language"] == "ger");
  CHECK(first["title"] == "Laut");
  CHECK(first["default"].GetBool());
  const char* purposes[] = {"commentary", "describes_video", "clear_speech"};
  for (rapidjson::SizeType track = 0; track < 4; ++track) {
    for (rapidjson::SizeType purpose = 0; purpose < 3; ++purpose) {
      CHECK(tracks[track][purposes[purpose]].GetBool() == (track == purpose + 1));
    }
  }
  REQUIRE(facts.HasMember("undecodable_audio"));
  const auto& others = facts["undecodable_audio"];
  REQUIRE(others.Size() == 1);
  const auto& other = *others.Begin();
  CHECK(other["stream"].GetInt() == 5);
  CHECK(other["codec"] == "wavpack");
  CHECK(other["language"] == "fre");
}
