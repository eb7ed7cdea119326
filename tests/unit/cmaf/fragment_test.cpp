// From a stored segment to a CMAF one: the samples, their times, and the boxes around them, byte by
// byte where it matters. That players agree is the story of service/cmaf_test.mjs.
#include "cmaf/fragment.h"

#include "base/error.h"
#include "catch.h"
#include "cmaf/boxes.h"
#include "cmaf/init_segment.h"
#include "fakes/ts_segment.h"
#include "mutations.h"

#include <optional>

using namespace reeld;
using namespace reeld::cmaf;
using namespace reeld::test;

namespace {

std::uint64_t number(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)));
  }
  return value;
}

/// The content of a box on a path of types, each within the one before it.
std::string_view inside(std::string_view bytes, std::vector<std::string> path) {
  for (const std::string& type : path) {
    std::string_view found;
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += number(bytes, at, 4)) {
      if (bytes.substr(at + 4, 4) == type) {
        found = bytes.substr(at + 8, number(bytes, at, 4) - 8);
        break;
      }
    }
    INFO(type);
    REQUIRE_FALSE(found.empty());
    bytes = found;
  }
  return bytes;
}

TsShape pictures(std::int64_t segment) {
  TsShape shape;
  shape.start_us = segment * 4'000'000;
  return shape;
}

}  // namespace

TEST_CASE("a stored segment is read into pictures without their parameter sets") {
  const TsSamples samples = readTs(tsSegment(pictures(2)), 2 * 360'000);
  REQUIRE(samples.pictures.size() == 100);
  CHECK(samples.sequence_set == "\x67\x4d\x40\x1e");
  CHECK(samples.picture_sets == std::vector<std::string>{"\x68\xee\x3c\x80"});
  CHECK(samples.pictures[0].is_idr);
  CHECK_FALSE(samples.pictures[1].is_idr);
  CHECK(samples.pictures[0].ticks == 720'000);
  CHECK(samples.pictures[99].ticks == 720'000 + 99 * 3600);
  // The slice behind its length, and nothing of what came before it.
  CHECK(samples.pictures[0].data == std::string("\0\0\0\x16\x65\x88", 6) + std::string(20, 'v'));
  CHECK(samples.sound.empty());
}

TEST_CASE("a copied stream with several sets of parameters for its pictures keeps them all") {
  TsShape shape = pictures(0);
  shape.picture_sets = 3;
  TsShape next = pictures(1);
  next.picture_sets = 2;
  const TsSamples samples = readTs(tsSegment(shape) + tsSegment(next), 0);
  CHECK(samples.picture_sets ==
        std::vector<std::string>{"\x68\xee\x3c\x80", "\x68\xed\x3c\x80", "\x68\xec\x3c\x80"});
  const std::string bytes = pictureInit({640, 360, 25, samples.sequence_set, samples.picture_sets});
  const auto at = bytes.find("avcC") + 4;
  CHECK(number(bytes, at + 12, 1) == 3);
  CHECK(bytes.substr(at + 13, 18) ==
        std::string("\0\4\x68\xee\x3c\x80\0\4\x68\xed\x3c\x80\0\4\x68\xec\x3c\x80", 18));
}

TEST_CASE("sound is read into packets without their headers") {
  TsShape shape;
  shape.sound_alone = true;
  shape.duration_us = std::int64_t{100} * 1024 * 1'000'000 / 48'000;
  const TsSamples samples = readTs(tsSegment(shape), 0);
  REQUIRE(samples.sound.size() == 100);
  CHECK(samples.sound[7] == std::string(9, 'a'));
  CHECK(samples.sound_ticks == 0);
  CHECK(samples.pictures.empty());
}

TEST_CASE("a clock that has wrapped is read near where it should be") {
  TsShape shape;
  shape.start_us = std::int64_t{27} * 3600 * 1'000'000;
  const std::int64_t ticks = shape.start_us * 9 / 100;
  const std::string wrapped = tsSegment([&] {
    TsShape early = shape;
    early.start_us -= (std::int64_t{1} << 33) * 100 / 9;
    return early;
  }());
  const TsSamples samples = readTs(wrapped, ticks + 4000);
  CHECK(std::abs(samples.pictures[0].ticks - ticks) < 10);
}

TEST_CASE("a fragment holds the pictures at their place, and says how large each is") {
  const TsSamples samples = readTs(tsSegment(pictures(2)), 720'000);
  const std::string bytes = pictureFragment({2, 200, 25, 1}, samples);
  const auto header = inside(bytes, {"moof", "mfhd"});
  CHECK(number(header, 4, 4) == 3);
  const auto time = inside(bytes, {"moof", "traf", "tfdt"});
  CHECK(number(time, 0, 1) == 1);
  CHECK(number(time, 4, 8) == 200);
  const auto track = inside(bytes, {"moof", "traf", "tfhd"});
  CHECK(number(track, 8, 4) == 1);
  const auto run = inside(bytes, {"moof", "traf", "trun"});
  REQUIRE(number(run, 4, 4) == 100);
  CHECK(number(run, 12, 4) == 26);
  CHECK(number(run, 16, 4) == 0x02000000);
  CHECK(number(run, 20, 4) == 0);
  CHECK(number(run, 28, 4) == 0x01010000);
  // The offset is from the start of the moof to the first byte of the first picture.
  const auto moof = bytes.find("moof") - 4;
  const auto data = bytes.find("mdat") + 4;
  CHECK(number(run, 8, 4) == data - moof);
  CHECK(bytes.size() - data == 100 * 26);
  CHECK(bytes.substr(data, 26) == samples.pictures[0].data);
}

TEST_CASE("pictures that are shown in another order say by how much") {
  TsSamples samples = readTs(tsSegment(pictures(0)), 0);
  samples.pictures.resize(4);
  samples.pictures[1].ticks = 3 * 3003;
  samples.pictures[2].ticks = 1 * 3003;
  samples.pictures[3].ticks = 2 * 3003;
  const std::string bytes = pictureFragment({0, 0, 30'000, 1001}, samples);
  const auto run = inside(bytes, {"moof", "traf", "trun"});
  const auto offset = [&](std::size_t i) {
    return static_cast<std::int32_t>(number(run, 12 + i * 12 + 8, 4));
  };
  CHECK(offset(0) == 0);
  CHECK(offset(1) == 2 * 1001);
  CHECK(offset(2) == -1001);
  CHECK(offset(3) == -1001);
  CHECK(number(inside(bytes, {"moof", "traf", "tfhd"}), 8, 4) == 1001);
}

TEST_CASE("what comes before the title's start is left out of its sound") {
  TsShape shape;
  shape.sound_alone = true;
  shape.frames = 5;
  shape.duration_us = std::int64_t{5} * 1024 * 1'000'000 / 48'000;
  TsSamples samples = readTs(tsSegment(shape), 0);
  samples.sound_ticks = -1920;
  const std::string first = soundFragment(0, samples, 1000);
  CHECK(number(inside(first, {"moof", "traf", "tfdt"}), 4, 8) == 0);
  CHECK(number(inside(first, {"moof", "traf", "trun"}), 4, 4) == 4);
  samples.sound_ticks = 192'000;
  const std::string later = soundFragment(1, samples, 1000);
  CHECK(number(inside(later, {"moof", "traf", "tfdt"}), 4, 8) == 100 * 1024);
  CHECK(number(inside(later, {"moof", "traf", "trun"}), 4, 4) == 5);
}

TEST_CASE("no more sound than is said is put into a segment") {
  TsShape shape;
  shape.sound_alone = true;
  shape.frames = 5;
  shape.duration_us = std::int64_t{5} * 1024 * 1'000'000 / 48'000;
  TsSamples samples = readTs(tsSegment(shape), 0);
  samples.sound_ticks = -1920;
  CHECK(number(inside(soundFragment(0, samples, 3), {"moof", "traf", "trun"}), 4, 4) == 3);
  samples.sound_ticks = 0;
  CHECK(number(inside(soundFragment(0, samples, 3), {"moof", "traf", "trun"}), 4, 4) == 3);
}

TEST_CASE("pictures of another place are never put into a segment") {
  const TsSamples samples = readTs(tsSegment(pictures(2)), 720'000);
  CHECK_THROWS_AS(pictureFragment({3, 300, 25, 1}, samples), Error);
  CHECK_THROWS_AS(pictureFragment({2, 199, 25, 1}, samples), Error);
  TsShape headless;
  headless.idr = false;
  CHECK_THROWS_AS(pictureFragment({0, 0, 25, 1}, readTs(tsSegment(headless), 0)), Error);
  CHECK_THROWS_AS(pictureFragment({0, 0, 25, 1}, TsSamples{}), Error);
}

TEST_CASE("the head of a track says its size, its time scale and how to decode it") {
  const std::string sps("\x67\x64\x00\x1f", 4);
  const std::vector<std::string> pps{"\x68\xee"};
  const std::string bytes = pictureInit({1280, 720, 30'000, sps, pps});
  CHECK(bytes.substr(4, 8) == "ftypcmf2");
  const auto media = inside(bytes, {"moov", "trak", "mdia", "mdhd"});
  CHECK(number(media, 12, 4) == 30'000);
  const auto table = inside(bytes, {"moov", "trak", "mdia", "minf", "stbl", "stsd"});
  const auto entry = inside(table.substr(8), {"avc1"});
  CHECK(number(entry, 24, 2) == 1280);
  CHECK(number(entry, 26, 2) == 720);
  const auto avcc = inside(entry.substr(78), {"avcC"});
  CHECK(avcc == std::string("\x01\x64\x00\x1f\xff\xe1\x00\x04", 8) + sps +
                    std::string("\x01\x00\x02", 3) + pps[0] + std::string("\xfd\xf8\xf8\x00", 4));
  CHECK_FALSE(inside(bytes, {"moov", "mvex", "trex"}).empty());
  CHECK_THROWS_AS(pictureInit({1280, 720, 25, "", pps}), Error);
  CHECK_THROWS_AS(pictureInit({1280, 720, 25, sps, {}}), Error);
  const std::string sound = soundInit();
  CHECK(number(inside(sound, {"moov", "trak", "mdia", "mdhd"}), 12, 4) == 48'000);
  CHECK(sound.find("mp4a") != std::string::npos);
}

TEST_CASE("a damaged segment is an error, whatever is damaged in it") {
  TsShape shape;
  shape.frames = 6;
  TsShape sound = shape;
  sound.sound_alone = true;
  const Language segments{"stored segments",
                          {tsSegment(shape), tsSegment(sound)},
                          {std::string("\0\0\1", 3), std::string(188, '\x47'), "\x47\x41\x00\x30",
                           std::string("\0\0\1\xe0\0\0\x80\x80\5", 9), "\xff\xf1\x4c\x80"}};
  fuzz(segments, [](std::string_view input, Mutations&) -> const char* {
    try {
      const TsSamples samples = readTs(input, 0);
      soundFragment(0, samples, 1000);
      pictureFragment({0, 0, 25, 1}, samples);
    } catch (const Error& error) {
      return error.code() == ErrorCode::Corrupt ? nullptr : "it is no CORRUPT";
    }
    return nullptr;
  });
}
