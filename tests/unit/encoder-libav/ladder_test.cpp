// Whole ladders from clips of every awkward kind: made with ffmpeg, encoded through the plugin's C
// ABI, held against ffprobe.
#include "catch.h"
#include "clip.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <string>

using namespace reeld::test;

namespace {

const std::string Sine = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=";
std::string testPicture(const std::string& size, const std::string& fps,
                        const std::string& seconds) {
  return "-f lavfi -i testsrc2=size=" + size + ":rate=" + fps + ":duration=" + seconds + " ";
}
const std::string LadderClip = " -c:v libx264 -preset ultrafast ";

std::string entry(const std::string& file, const std::string& what) {
  return shell("ffprobe -v error -select_streams v:0 -show_entries stream=" + what +
               " -of csv=p=0 " + file);
}

}  // namespace

TEST_CASE("a steady clip becomes rungs with every frame, aligned cuts and unbroken sound") {
  const Folder folder;
  makeClip(testPicture("640x360", "25", "3.48") + Sine + "3.5" + LadderClip + "-c:a aac " +
           (folder / "a.mp4"));
  const Ladder ladder = encode(folder / "a.mp4", folder / "out", {180, 240, 360});
  requireSoundLadder(ladder);
  CHECK(ladder.number("frames") == 87);
  CHECK(decodedFrames(folder / "out/360p/index.m3u8") == 87);
  CHECK(ladder.outcome.segments.size() == 12);
  CHECK_FALSE(ladder.damaged());
  CHECK(std::filesystem::exists(folder / "out/poster.jpg"));
}

TEST_CASE("29.97 frames per second, odd sides, 4:4:4 and mono at 44.1 kHz") {
  const Folder folder;
  makeClip(testPicture("321x181", "30000/1001", "2.2") +
           "-f lavfi -i sine=sample_rate=44100:duration=2.2 -ac 1 -pix_fmt yuv444p" + LadderClip +
           "-c:a aac " + (folder / "a.mp4"));
  const Ladder ladder = encode(folder / "a.mp4", folder / "out", {480});
  requireSoundLadder(ladder);
  CHECK(ladder.number("frames") == decodedFrames(folder / "a.mp4"));
  CHECK(ladder.number("width") == 320);
  CHECK(ladder.number("height") == 180);
}

TEST_CASE("a clip of one frame plays and has a poster") {
  const Folder folder;
  makeClip(testPicture("320x180", "25", "0.04") + LadderClip + (folder / "a.mp4"));
  const Ladder ladder = encode(folder / "a.mp4", folder / "out", {180});
  requireSoundLadder(ladder);
  CHECK(ladder.number("frames") == 1);
  CHECK(std::filesystem::exists(folder / "out/poster.jpg"));
}

TEST_CASE("a turned and anamorphic phone clip stands upright with square pixels") {
  const Folder folder;
  makeClip(testPicture("320x180", "30", "1.1") + "-vf setsar=4/3" + LadderClip +
           (folder / "flat.mp4"));
  makeClip("-i " + (folder / "flat.mp4") + " -c copy -metadata:s:v:0 rotate=90 " +
           (folder / "a.mp4"));
  const Ladder ladder = encode(folder / "a.mp4", folder / "out", {180});
  requireSoundLadder(ladder);
  CHECK(entry(folder / "out/180p/segment_000.ts", "width,height").starts_with("180,426"));
}

TEST_CASE("interlaced MPEG-2 with a late start keeps its frames") {
  const Folder folder;
  makeClip(testPicture("352x288", "25", "2") + Sine +
           "2 -c:v mpeg2video -flags +ilme+ildct -top 1 " + "-c:a mp2 -output_ts_offset 5 " +
           (folder / "a.ts"));
  const Ladder ladder = encode(folder / "a.ts", folder / "out", {288});
  requireSoundLadder(ladder);
  CHECK(ladder.number("frames") == 50);
}

TEST_CASE("an interlaced clip of one frame is not swallowed by the deinterlacer") {
  const Folder folder;
  makeClip(testPicture("352x288", "25", "0.04") + "-c:v mpeg2video -flags +ilme+ildct -top 1 " +
           (folder / "a.ts"));
  CHECK(encode(folder / "a.ts", folder / "out", {288}).number("frames") == 1);
}

TEST_CASE("sound alone is cut on the grid, whatever its channels and rate") {
  const Folder folder;
  makeClip("-f lavfi -i sine=sample_rate=32000:duration=3.3 -ac 6 " + (folder / "a.wav"));
  const Ladder ladder = encode(folder / "a.wav", folder / "out", {480});
  requireSoundLadder(ladder);
  CHECK(ladder.outcome.segments.size() == 4);
  CHECK(ladder.report.find("\"codecs\":\"mp4a.40.2\"") != std::string::npos);
  CHECK(entry(folder / "out/poster.jpg", "codec_name").starts_with("mjpeg"));
}

TEST_CASE("of channels that have no meaning the first two are heard") {
  const Folder folder;
  makeClip(Sine + "9 -f s16le " + (folder / "a.raw"));
  makeClip("-f s16le -ar 48000 -ac 9 -i " + (folder / "a.raw") + " -c copy " + (folder / "a.wav"));
  requireSoundLadder(encode(folder / "a.wav", folder / "out", {480}));
}

TEST_CASE("a cover picture is the poster of sound, not its video") {
  const Folder folder;
  makeClip(testPicture("300x200", "1", "1") + "-frames:v 1 " + (folder / "cover.jpg"));
  makeClip(Sine + "2 -i " + (folder / "cover.jpg") +
           " -map 0 -map 1 -c:a libmp3lame -c:v copy -disposition:v attached_pic " +
           (folder / "a.mp3"));
  const Ladder ladder = encode(folder / "a.mp3", folder / "out", {480});
  requireSoundLadder(ladder);
  CHECK(entry(folder / "out/poster.jpg", "width,height").starts_with("300,200"));
}

TEST_CASE("a variable rate becomes a constant one of the same length") {
  const Folder folder;
  makeClip(testPicture("320x180", "30", "3") +
           "-vf \"select='not(between(n,20,50))*not(eq(mod(n,7),3))'\" -vsync vfr" + LadderClip +
           (folder / "a.mp4"));
  const Ladder ladder = encode(folder / "a.mp4", folder / "out", {180});
  requireSoundLadder(ladder);
  CHECK(ladder.number("frames") >= 89);
  CHECK(ladder.number("frames") <= 90);
}

TEST_CASE("120 frames per second are halved") {
  const Folder folder;
  makeClip(testPicture("320x180", "120", "1") + LadderClip + (folder / "a.mp4"));
  const Ladder ladder = encode(folder / "a.mp4", folder / "out", {180});
  requireSoundLadder(ladder);
  // The last frame of 120 falls between two slots and is not lost.
  CHECK(ladder.number("frames") == 61);
}

TEST_CASE("a source that changes its size in mid-stream keeps its rungs") {
  const Folder folder;
  makeClip(testPicture("640x360", "25", "1") + Sine + "1" + LadderClip + "-c:a aac " +
           (folder / "1.ts"));
  makeClip(testPicture("480x480", "25", "1") + Sine + "1" + LadderClip + "-c:a aac " +
           (folder / "2.ts"));
  shell("cat " + (folder / "1.ts") + " " + (folder / "2.ts") + " > " + (folder / "a.ts"));
  const Ladder ladder = encode(folder / "a.ts", folder / "out", {180, 360});
  requireSoundLadder(ladder);
  CHECK(ladder.number("frames") >= 50);
  CHECK(ladder.number("frames") <= 54);
}

TEST_CASE("sound that outlasts the picture has a still one; sound that ends early is silence") {
  const Folder folder;
  makeClip(testPicture("320x180", "25", "1") + Sine + "4" + LadderClip + "-c:a aac " +
           (folder / "long.mp4"));
  const Ladder still = encode(folder / "long.mp4", folder / "out1", {180});
  requireSoundLadder(still);
  CHECK(still.number("frames") >= 100);
  makeClip(testPicture("320x180", "25", "4") + Sine + "1" + LadderClip + "-c:a aac " +
           (folder / "short.mp4"));
  const Ladder silent = encode(folder / "short.mp4", folder / "out2", {180});
  requireSoundLadder(silent);
  CHECK(silent.number("frames") == 100);
}

TEST_CASE("sound that starts late is not moved to the front") {
  const Folder folder;
  makeClip(testPicture("320x180", "25", "3") + "-itsoffset 1.5 " + Sine + "1.5" + LadderClip +
           "-c:a aac " + (folder / "a.mkv"));
  requireSoundLadder(encode(folder / "a.mkv", folder / "out", {180}));
  const std::string quiet =
      shell("ffmpeg -nostdin -v info -i " + (folder / "out/180p/index.m3u8") +
            " -map 0:a -af silencedetect=n=-50dB:d=1 -f null - 2>&1 | grep silence_end");
  CHECK(quiet.find("silence_end: 1.5") != std::string::npos);
}

TEST_CASE("a task for some segments makes the same segments as the whole") {
  const Folder folder;
  makeClip(testPicture("320x180", "24", "4") + Sine + "4" + LadderClip + "-c:a aac " +
           (folder / "a.mp4"));
  const Ladder whole = encode(folder / "a.mp4", folder / "whole", {180});
  std::string spec = specFor(folder / "a.mp4", {180});
  spec.replace(spec.find("\"first_segment\":0"), 17, "\"first_segment\":1");
  spec.replace(spec.find("\"segment_count\":null"), 20, "\"segment_count\":2");
  const Ladder part = encodeSpec(spec, folder / "a.mp4", folder / "part");
  REQUIRE(part.outcome.status == REELD_OK);
  REQUIRE(part.outcome.segments.size() == 2);
  CHECK(part.number("frames") == 48);
  for (const std::string segment : {"180p/segment_001.ts", "180p/segment_002.ts"}) {
    for (const std::string kind : {"v", "a"}) {
      const auto expected = packetsOf(folder / ("whole/" + segment), kind);
      const auto made = packetsOf(folder / ("part/" + segment), kind);
      REQUIRE(made.size() == expected.size());
      CHECK(made.front().pts == expected.front().pts);
      CHECK(made.back().pts == expected.back().pts);
    }
  }
}

TEST_CASE("cancelling ends the run soon") {
  const Folder folder;
  makeClip(testPicture("1280x720", "30", "20") + LadderClip + (folder / "a.mp4"));
  std::atomic<std::int32_t> cancel{0};
  std::chrono::steady_clock::time_point asked;
  const auto outcome = plugin().run(specFor(folder / "a.mp4", {360, 720}), folder / "a.mp4",
                                    folder / "out", &cancel, [&](const reeld::bench::Segment&) {
                                      asked = std::chrono::steady_clock::now();
                                      cancel = 1;
                                    });
  CHECK(outcome.status == REELD_CANCELLED);
  CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(5));
}
