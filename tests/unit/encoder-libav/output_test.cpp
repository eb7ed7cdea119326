// What is said about the output: bandwidth, codecs, continuity counters, report; and files written
// whole.
#include "bandwidth.h"
#include "catch.h"
#include "codecs_string.h"
#include "json_text.h"
#include "output_directory.h"
#include "report.h"
#include "ts_continuity.h"

#include <reeld/plugin.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace reeld::libav;

TEST_CASE("bandwidth is the heaviest segment and the mean of all") {
  const SegmentSize segments[] = {
      {1'000'000, 4'000'000}, {500'000, 4'000'000}, {250'000, 2'000'000}};
  const Bandwidth found = measureBandwidth(segments, 4'000'000);
  CHECK(found.peak == 2'000'000);
  CHECK(found.average == 1'400'000);
}

TEST_CASE("a short last segment does not claim a peak") {
  const SegmentSize segments[] = {{500'000, 4'000'000}, {100'000, 200'000}};
  CHECK(measureBandwidth(segments, 4'000'000).peak < 2'000'000);
}

TEST_CASE("the peak is never below the average, and the only segment counts") {
  const SegmentSize two[] = {{500'000, 4'000'000}, {400'000, 1'900'000}};
  const Bandwidth found = measureBandwidth(two, 4'000'000);
  CHECK(found.peak >= found.average);
  const SegmentSize one[] = {{1'000, 40'000}};
  CHECK(measureBandwidth(one, 4'000'000).peak == 200'000);
  CHECK(measureBandwidth({}, 4'000'000).peak == 0);
}

TEST_CASE("codecs come from the sequence parameter set, wherever it stands") {
  const std::vector<std::uint8_t> plain{0, 0, 0, 1, 0x67, 0x64, 0x00, 0x28, 0xac};
  CHECK(avcCodec(plain) == "avc1.640028");
  const std::vector<std::uint8_t> after_delimiter{0, 0, 1,    0x09, 0xf0, 0,
                                                  0, 1, 0x27, 0x4d, 0x40, 0x1e};
  CHECK(avcCodec(after_delimiter) == "avc1.4d401e");
  CHECK(avcCodec({}).empty());
  const std::vector<std::uint8_t> cut{0, 0, 1, 0x67, 0x64};
  CHECK(avcCodec(cut).empty());
}

namespace {

std::vector<std::uint8_t> transportPackets(unsigned pid, std::initializer_list<unsigned> controls) {
  std::vector<std::uint8_t> packets;
  for (const unsigned control : controls) {
    std::array<std::uint8_t, 188> packet{};
    packet[0] = 0x47;
    packet[1] = static_cast<std::uint8_t>(pid >> 8U);
    packet[2] = static_cast<std::uint8_t>(pid & 0xffU);
    packet[3] = static_cast<std::uint8_t>(control << 4U);
    packets.insert(packets.end(), packet.begin(), packet.end());
  }
  return packets;
}

unsigned counterOf(const std::vector<std::uint8_t>& packets, std::size_t index) {
  return packets[index * 188 + 3] & 0x0fU;
}

}  // namespace

TEST_CASE("continuity counters go on across segments, per PID, and repeat without payload") {
  constexpr unsigned Payload = 1;
  constexpr unsigned AdaptationOnly = 2;
  TsContinuity continuity;
  auto first = transportPackets(256, {Payload, Payload, AdaptationOnly, Payload});
  continuity.carryOn(first);
  CHECK(counterOf(first, 0) == 0);
  CHECK(counterOf(first, 1) == 1);
  CHECK(counterOf(first, 2) == 1);
  CHECK(counterOf(first, 3) == 2);
  auto other = transportPackets(257, {Payload});
  continuity.carryOn(other);
  CHECK(counterOf(other, 0) == 0);
  auto second = transportPackets(256, {Payload});
  continuity.carryOn(second);
  CHECK(counterOf(second, 0) == 3);
}

TEST_CASE("a segment of broken transport packets is refused") {
  TsContinuity continuity;
  std::vector<std::uint8_t> cut(187, 0x47);
  CHECK_THROWS_AS(continuity.carryOn(cut), reeld::sdk::Failure);
  std::vector<std::uint8_t> shifted(188, 0);
  CHECK_THROWS_AS(continuity.carryOn(shifted), reeld::sdk::Failure);
}

TEST_CASE("text out of a file becomes UTF-8 without control characters, of bounded length") {
  CHECK(cleanText("Sp\xc3\xa4t") == "Sp\xc3\xa4t");
  CHECK(cleanText("a\xff\xfe\x01\x1b[31mz") == "a??[31mz");
  CHECK(cleanText(std::string("a\0b", 3)) == "ab");
  CHECK(cleanText(std::string(10'000, 'x')).size() <= 204);
}

TEST_CASE("a report says what was written") {
  Spec spec;
  spec.fps = {25, 1};
  spec.segment_frames = 100;
  Report report;
  report.frames = 132;
  report.decode_errors = 3;
  report.damaged = true;
  report.renditions.push_back(
      {"480p", 854, 480, "avc1.4d401e", {{500'000, 4'000'000}, {100'000, 1'280'000}}, 132});
  CHECK(
      toJson(report, spec) ==
      R"({"frames":132,"duration_us":5280000,"decode_errors":3,"damaged":true,"renditions":[{"name":"480p",)"
      R"("width":854,"height":480,"codecs":"avc1.4d401e","fps":[25,1],"bandwidth":1000000,)"
      R"("average_bandwidth":909091,"frames":132,"segments":2}]})");
}

TEST_CASE("a file appears complete under its name, and nothing else is left") {
  char folder[] = "/tmp/reeld-output-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const int fd = open(folder, O_RDONLY | O_DIRECTORY);
  const OutputDirectory directory(fd);
  const std::vector<std::uint8_t> bytes(100'000, 7);
  directory.makeFolder("480p");
  directory.makeFolder("480p");
  directory.write("480p/segment_000.ts", bytes);
  CHECK(std::filesystem::file_size(std::string(folder) + "/480p/segment_000.ts") == bytes.size());
  CHECK(std::distance(std::filesystem::directory_iterator(std::string(folder) + "/480p"), {}) == 1);
  close(fd);
  std::filesystem::remove_all(folder);
}

TEST_CASE("what cannot be written is said with its name") {
  const int fd = open("/dev", O_RDONLY | O_DIRECTORY);
  const OutputDirectory directory(fd);
  const std::vector<std::uint8_t> bytes(100'000, 7);
  try {
    directory.write("nowhere/segment_000.ts", bytes);
    FAIL("written into nothing");
  } catch (const reeld::sdk::Failure& failure) {
    CHECK(failure.status() == REELD_INTERNAL);
    CHECK(std::string(failure.what()) ==
          "cannot create nowhere/segment_000.ts.part: No such file or directory");
  }
  close(fd);
}
