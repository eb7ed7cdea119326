// Sources that are broken, hostile or no video at all: what exists is played and marked as damaged,
// the rest is refused with a sentence its owner understands.
#include "catch.h"
#include "clip.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

using namespace reeld::test;

namespace {

const std::string DamagedClip = " -c:v libx264 -preset ultrafast ";

std::string refusal(const std::string& file) {
  const auto outcome = plugin().probe(file);
  CHECK(outcome.status == REELD_INVALID);
  return outcome.message;
}

void write(const std::string& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace

TEST_CASE("a clip that was cut off plays as far as it goes, marked as damaged") {
  const Folder folder;
  const std::string clip = folder / "a.mp4";
  makeClip("-f lavfi -i testsrc2=size=640x360:rate=25:duration=4" + DamagedClip +
           "-g 25 -movflags faststart " + clip);
  std::filesystem::resize_file(clip, std::filesystem::file_size(clip) * 6 / 10);
  const Ladder ladder = encode(clip, folder / "out", {180});
  requireSoundLadder(ladder);
  CHECK(ladder.damaged());
  CHECK(ladder.number("frames") > 25);
  CHECK(ladder.number("frames") < 90);
}

TEST_CASE("flipped bits are survived and counted") {
  const Folder folder;
  const std::string clip = folder / "a.mkv";
  makeClip("-f lavfi -i testsrc2=size=640x360:rate=25:duration=3" + DamagedClip + clip);
  std::string bytes = reeld::bench::readFile(clip);
  for (std::size_t at = bytes.size() / 4; at < bytes.size(); at += 3001) {
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
  }
  write(clip, bytes);
  const Ladder ladder = encode(clip, folder / "out", {180});
  requireSoundLadder(ladder);
  CHECK(ladder.damaged());
  CHECK(ladder.number("decode_errors") > 0);
}

TEST_CASE("frames a hundred hours apart do not become millions") {
  const Folder folder;
  makeClip("-f lavfi -i testsrc2=size=64x64:rate=1:duration=3 -vf setpts=N*360000/TB" +
           DamagedClip + "-bf 0 -vsync passthrough " + (folder / "a.mkv"));
  const Ladder ladder = encode(folder / "a.mkv", folder / "out", {64});
  CHECK(ladder.number("frames") < 1000);
  CHECK(ladder.damaged());
}

TEST_CASE("a title beyond the limit is refused, not encoded for hours") {
  const Folder folder;
  makeClip("-f lavfi -i color=size=64x64:rate=5:duration=30" + DamagedClip + (folder / "a.mp4"));
  std::string spec = specFor(folder / "a.mp4", {64});
  const std::string limit = "\"max_duration_ms\":86400000";
  spec.replace(spec.find(limit), limit.size(), "\"max_duration_ms\":10000");
  const Ladder ladder = encodeSpec(spec, folder / "a.mp4", folder / "out");
  CHECK(ladder.outcome.status == REELD_INVALID);
  CHECK_THAT(ladder.outcome.message, ContainsSubstring("longer than the limit"));
}

TEST_CASE("a picture of 240 megapixels is refused before it is decoded") {
  const Folder folder;
  makeClip("-f lavfi -i color=size=16000x15000:rate=1:duration=1 -frames:v 1 -c:v mjpeg " +
           (folder / "a.mov"));
  CHECK(refusal(folder / "a.mov") == "its picture has 240 megapixels; at most 36 are accepted");
}

TEST_CASE("playlists, scripts, text and nothing are no videos") {
  const Folder folder;
  write(folder / "a.mp4",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
  CHECK_THAT(refusal(folder / "a.mp4"), ContainsSubstring("playlist"));
  write(folder / "b.mp4", "ffconcat version 1.0\nfile '/etc/passwd'\n");
  CHECK_THAT(refusal(folder / "b.mp4"), ContainsSubstring("playlist"));
  write(folder / "c.mp4", "just some text, many times over\n");
  CHECK_THAT(refusal(folder / "c.mp4"), ContainsSubstring("not a video"));
  write(folder / "d.mp4", "");
  CHECK(refusal(folder / "d.mp4") == "the file is empty");
}

TEST_CASE("a missing index is said as such") {
  const Folder folder;
  const std::string clip = folder / "a.mp4";
  makeClip("-f lavfi -i testsrc2=size=640x360:rate=25:duration=2" + DamagedClip + clip);
  std::filesystem::resize_file(clip, std::filesystem::file_size(clip) / 2);
  CHECK_THAT(refusal(clip),
             ContainsSubstring("index is missing") && ContainsSubstring("export it again"));
}

TEST_CASE("a task whose input or sound does not exist is refused") {
  const Folder folder;
  makeClip("-f lavfi -i testsrc2=size=64x64:rate=25:duration=1" + DamagedClip + (folder / "a.mp4"));
  std::string spec = specFor(folder / "a.mp4", {64});
  spec.replace(spec.find("\"audio\":null"), 12, R"("audio":{"stream":7})");
  const auto outcome = plugin().run(spec, folder / "a.mp4", folder / "out");
  CHECK(outcome.status == REELD_INVALID);
  CHECK_THAT(outcome.message, ContainsSubstring("/audio/stream"));
}

TEST_CASE("settings x264 does not know are no fault of the file") {
  const Folder folder;
  makeClip("-f lavfi -i testsrc2=size=64x64:rate=25:duration=1" + DamagedClip + (folder / "a.mp4"));
  std::string spec = specFor(folder / "a.mp4", {64});
  spec.replace(spec.find("ultrafast"), 9, "warpspeed");
  const auto outcome = plugin().run(spec, folder / "a.mp4", folder / "out");
  CHECK(outcome.status == REELD_UNSUPPORTED);
  CHECK_THAT(outcome.message, ContainsSubstring("preset warpspeed"));
}

TEST_CASE("a task that decodes counts pictures and sound, and what a player would conceal") {
  const Folder folder;
  const std::string clip = folder / "a.ts";
  makeClip(
      "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2 -f lavfi -i sine=duration=2 -ar 48000" +
      DamagedClip + clip);
  const auto decoded = [&](const std::string& file) {
    const std::string out = folder / "out";
    Ladder made{plugin().run(R"({"decode":true,"threads":2})", file, out), out, {}};
    INFO(made.outcome.message);
    REQUIRE(made.outcome.status == REELD_OK);
    CHECK(made.outcome.artifacts == std::vector<std::string>{"report"});
    made.report = reeld::bench::readFile(out + "/report.json");
    return made;
  };
  const Ladder whole = decoded(clip);
  CHECK(whole.number("frames") == 50);
  CHECK(whole.number("samples") >= 96'000);
  CHECK(whole.number("errors") == 0);
  CHECK(whole.report.find("refused") == std::string::npos);

  std::string bytes = reeld::bench::readFile(clip);
  for (std::size_t packet = 188 * 10; packet + 188 <= bytes.size(); packet += 188 * 5) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(packet) + 60, 120, '\x55');
  }
  write(folder / "b.ts", bytes);
  CHECK(decoded(folder / "b.ts").number("errors") > 0);
  write(folder / "c.ts", "just some text, many times over\n");
  CHECK_THAT(decoded(folder / "c.ts").report, ContainsSubstring("\"refused\":\"this is not"));
}
