// Whether a transport stream is the segment it is said to be: small hand-made ones and every way to
// spoil them, and one that FFmpeg wrote.
#include "processing/ts_inspector.h"

#include "catch.h"
#include "fakes/ts_segment.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace reeld::processing;
using reeld::test::tsSegment;
using reeld::test::TsShape;

namespace {

constexpr std::size_t PacketBytes = reeld::test::TsPacketBytes;

Segment said(std::int64_t start_us = 8'000'000, std::int64_t frames = 100) {
  Segment segment;
  segment.start_us = start_us;
  segment.duration_us = frames * 40'000;
  segment.frames = frames;
  return segment;
}

TsShape shape() {
  TsShape one;
  one.start_us = 8'000'000;
  return one;
}

/// What is wrong with it; empty = nothing.
std::string problem(const std::string& bytes, const Segment& segment = said(),
                    bool has_picture = true, std::size_t piece = 1000) {
  TsInspector inspector(segment, has_picture);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    inspector.update(std::string_view(bytes).substr(at, piece));
  }
  return inspector.finish().value_or("");
}

template <class Spoil>
std::string spoiled(Spoil spoil) {
  std::string bytes = tsSegment(shape());
  spoil(bytes);
  return problem(bytes);
}

}  // namespace

TEST_CASE("a sound segment is accepted, in pieces of any size") {
  for (const std::size_t piece : {1, 7, 187, 188, 189, 100'000}) {
    CHECK(problem(tsSegment(shape()), said(), true, piece).empty());
  }
}

TEST_CASE("timestamps wrap after 26 hours without harm") {
  TsShape late;
  late.start_us = 95'440'000'000;
  CHECK(problem(tsSegment(late), said(late.start_us)).empty());
}

TEST_CASE("packets that are missing, cut or out of step are found") {
  CHECK(problem("") == "has no PAT and PMT");
  CHECK(problem(std::string(1880, 'x')) == "is out of step with its transport packets at byte 0");
  CHECK(spoiled([](std::string& b) { b[PacketBytes * 3] = 'x'; }) ==
        "is out of step with its transport packets at byte 564");
  CHECK(spoiled([](std::string& b) { b.pop_back(); }) == "ends within a transport packet");
  CHECK(spoiled([](std::string& b) { b.erase(PacketBytes * 10, PacketBytes); }) ==
        "lacks a packet of stream 256 at byte 1880");
  CHECK(spoiled([](std::string& b) { b[PacketBytes * 5 + 4] = char(0xff); }) ==
        "has a broken packet header at byte 940");
  CHECK(spoiled([](std::string& b) { b[PacketBytes * 5 + 1] |= char(0x80); }) ==
        "has a broken packet header at byte 940");
}

TEST_CASE("tables must come first, and be whole") {
  TsShape bare = shape();
  bare.tables = false;
  CHECK(problem(tsSegment(bare)) == "has media before its PAT and PMT");
  CHECK(spoiled([](std::string& b) { b[10] ^= 1; }) == "has a broken PAT");
  CHECK(spoiled([](std::string& b) { b[PacketBytes + 17] ^= 1; }) == "has a broken PMT");
  TsShape sound = shape();
  sound.sound_alone = true;
  CHECK(problem(tsSegment(sound)) == "has no stream of pictures");
  CHECK(problem(tsSegment(shape()), said(), false) == "is not sound alone");
}

TEST_CASE("a segment starts with an IDR picture that has its parameter sets") {
  const std::string wrong = "does not start with an IDR picture after its SPS and PPS";
  TsShape no_idr = shape();
  no_idr.idr = false;
  CHECK(problem(tsSegment(no_idr)) == wrong);
  TsShape no_sets = shape();
  no_sets.parameter_sets = false;
  CHECK(problem(tsSegment(no_sets)) == wrong);
}

TEST_CASE("pictures are counted, and lie at their times") {
  CHECK(problem(tsSegment(shape()), said(8'000'000, 101)) == "holds 100 pictures, not 101");
  TsShape late = shape();
  late.late_us = 40'000;
  CHECK(problem(tsSegment(late)) == "starts 40 ms off its time");
  late.late_us = -10'000'000;
  CHECK(problem(tsSegment(late)) == "starts -10000 ms off its time");
  TsShape slow = shape();
  slow.duration_us = 5'000'000;
  CHECK(problem(tsSegment(slow)) == "ends with the picture at 4950 ms of 4000");
}

TEST_CASE("what the streams are coded as is read from them") {
  const auto codecs = [](const TsShape& one, bool has_picture, std::size_t piece) {
    TsInspector inspector(said(), has_picture);
    const std::string bytes = tsSegment(one);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      inspector.update(std::string_view(bytes).substr(at, piece));
    }
    return inspector.codecs();
  };
  CHECK(codecs(shape(), true, 1000) == "avc1.4d401e");
  CHECK(codecs(shape(), true, 1) == "avc1.4d401e");
  TsShape sound = shape();
  sound.sound_alone = true;
  CHECK(codecs(sound, false, 1000) == "mp4a.40.2");
  TsShape bare = shape();
  bare.parameter_sets = false;
  CHECK(codecs(bare, true, 1000).empty());
}

TEST_CASE("sound alone is counted in packets") {
  TsShape sound = shape();
  sound.sound_alone = true;
  CHECK(problem(tsSegment(sound), said(), false).empty());
  CHECK(problem(tsSegment(sound), said(8'000'000, 99), false) ==
        "holds 100 packets of sound, not 99");
  sound.late_us = 60'000;
  CHECK(problem(tsSegment(sound), said(), false) == "starts 60 ms off its time");
  sound.late_us = 0;
  std::string bytes = tsSegment(sound);
  bytes[bytes.size() - 16] = 'x';
  CHECK(problem(bytes, said(), false) == "has broken packets of sound");
}

TEST_CASE("what FFmpeg writes, with B-frames and sound, is counted as FFmpeg counts it") {
  const auto path =
      std::filesystem::temp_directory_path() / ("reeld-ts-" + std::to_string(std::rand()) + ".ts");
  const std::string command =
      "ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=2 -f lavfi "
      "-i sine=sample_rate=48000:duration=2 -c:v libx264 -preset medium -bf 3 -g 250 -pix_fmt "
      "yuv420p -c:a aac -bsf:v dump_extra -avoid_negative_ts disabled -muxdelay 0 -muxpreload 0 "
      "-output_ts_offset 10 -mpegts_copyts 1 -f mpegts " +
      path.string();
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  CHECK(problem(bytes, said(0, 50)).empty());
  CHECK(problem(bytes, said(0, 49)) == "holds 50 pictures, not 49");
  TsInspector inspector(said(0, 50), true);
  inspector.update(bytes);
  CHECK(inspector.codecs() == "avc1.64000d,mp4a.40.2");
}
