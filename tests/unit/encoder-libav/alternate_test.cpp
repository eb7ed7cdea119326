// One more track of a title's sound, on the title's time line whatever the track's own is like.
#include "catch.h"
#include "clip.h"

#include <sstream>

using namespace reeld::test;
using reeld::bench::readFile;

namespace {

void replace(std::string& text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
}

/// Stream 0 is the picture, 1 the main sound, 2 the track.
std::string taskFor(const std::string& clip, int frames, int first_segment = 0) {
  std::string spec = specFor(clip, {36});
  const auto rungs = spec.find("\"rungs\":[");
  const auto preset = spec.find(",\"preset\"");
  spec.replace(rungs, preset - rungs, "\"rungs\":[{\"name\":\"audio-2\"}]");
  replace(spec, "\"stream\":1", "\"beside\":1,\"stream\":2");
  replace(spec, "\"first_segment\":0", "\"first_segment\":" + std::to_string(first_segment));
  const auto from = spec.find("\"frames\":");
  spec.replace(from, spec.find(',', from) - from, "\"frames\":" + std::to_string(frames));
  return spec;
}

/// When sound begins and ends: what is no silence, in seconds of the title.
std::vector<double> changes(const Ladder& ladder) {
  constexpr double Priming = 1024 / 48000.0;
  std::istringstream lines(
      shell("ffmpeg -nostdin -hide_banner -i " + ladder.folder +
            "/audio-2/index.m3u8 -af silencedetect=noise=-45dB:d=0.3 -f null - 2>&1 | "
            "grep -oE 'silence_(start|end): [0-9.-]+' | sed 's/.*: //'"));
  std::vector<double> all;
  for (double value = 0; lines >> value;) {
    all.push_back(value - Priming);
  }
  return all;
}

void requireTimes(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i] == Approx(expected[i]).margin(0.08));
  }
}

void requireSegments(const Ladder& ladder, std::size_t count) {
  INFO(ladder.outcome.message);
  REQUIRE(ladder.outcome.status == REELD_OK);
  REQUIRE(ladder.outcome.segments.size() == count);
  CHECK(packetsOf(ladder.folder + "/audio-2/index.m3u8", "a").front().pts == 900'000 - 1920);
}

const std::string Colour = "-f lavfi -i color=size=64x36:rate=10:duration=";
const std::string Tone = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=";
const std::string Mapped =
    " -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -g 10 -c:a aac -disposition:a:0 default "
    "-disposition:a:1 0 ";

}  // namespace

TEST_CASE("where a track has nothing for long, it is silent, and goes on at its time") {
  const Folder folder;
  makeClip(Colour + "50 " + Tone + "50 " + Tone + "50 " + Mapped +
           "-filter:a:1 \"aselect=lt(t\\,5)+gt(t\\,45)\" " + (folder / "a.mkv"));
  const Ladder made = encodeSpec(taskFor(folder / "a.mkv", 500), folder / "a.mkv", folder / "out");
  requireSegments(made, 50);
  requireTimes(changes(made), {5, 45});
  // A second of silence is next to nothing, and must be recognised for what it is all the same.
  for (const auto& segment : made.outcome.segments) {
    CHECK(plugin().probe(made.folder + "/" + segment.path).status == REELD_OK);
  }
}

TEST_CASE("what a track has before the title begins and after it ends is not heard") {
  const Folder folder;
  makeClip("-itsoffset 2 " + Colour + "4 -itsoffset 2 " + Tone + "4 -f lavfi -i \"" +
           "sine=frequency=440:sample_rate=48000:duration=9,volume=0:enable=lt(t\\,3)\" " + Mapped +
           (folder / "a.mkv"));
  const Ladder made = encodeSpec(taskFor(folder / "a.mkv", 40), folder / "a.mkv", folder / "out");
  requireSegments(made, 4);
  requireTimes(changes(made), {0, 1});
  const auto packets = packetsOf(made.folder + "/audio-2/index.m3u8", "a");
  CHECK(packets.back().pts - 900'000 < 4 * 90'000);
  CHECK(packets.back().pts - 900'000 >= 4 * 90'000 - 1920);
}

TEST_CASE("a task that goes on makes what the whole one makes from there") {
  const Folder folder;
  makeClip(Colour + "5 " + Tone + "5 " + Tone + "5 " + Mapped + (folder / "a.mp4"));
  const Ladder whole = encodeSpec(taskFor(folder / "a.mp4", 50), folder / "a.mp4", folder / "all");
  requireSegments(whole, 5);
  const Ladder rest =
      encodeSpec(taskFor(folder / "a.mp4", 50, 3), folder / "a.mp4", folder / "rest");
  REQUIRE(rest.outcome.segments.size() == 2);
  const auto sound = [](const Ladder& ladder, const std::string& name) {
    return shell("ffmpeg -nostdin -v error -i " + ladder.folder + "/audio-2/" + name +
                 " -c copy -f framemd5 -");
  };
  for (const char* name : {"segment_003.ts", "segment_004.ts"}) {
    CHECK(sound(rest, name) == sound(whole, name));
  }
}

TEST_CASE("a title that is over before the next packet begins lacks that segment of the track") {
  const Folder folder;
  makeClip("-f lavfi -i color=size=64x36:rate=60:duration=7.1 " + Tone + "7.1 " + Tone + "7.1 " +
           Mapped + (folder / "a.mp4"));
  // One picture ends 16.7 ms after the seventh second; a packet begins 18.7 ms after it.
  const Ladder made = encodeSpec(taskFor(folder / "a.mp4", 421), folder / "a.mp4", folder / "out");
  requireSegments(made, 7);
}

TEST_CASE("a task for a track must say of which title it is") {
  const Folder folder;
  makeClip(Colour + "1 " + Tone + "1 " + Tone + "1 " + Mapped + (folder / "a.mp4"));
  std::string spec = taskFor(folder / "a.mp4", 0);
  CHECK(encodeSpec(spec, folder / "a.mp4", folder / "a").outcome.status == REELD_INVALID);
  spec = taskFor(folder / "a.mp4", 10);
  replace(spec, "\"stream\":2", "\"stream\":7");
  CHECK(encodeSpec(spec, folder / "a.mp4", folder / "b").outcome.status == REELD_INVALID);
}
