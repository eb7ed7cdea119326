// A source taken as it is: what of a file's head says that it may be, what comes of it, and when a
// task finds out that it may not.
#include "avc.h"
#include "catch.h"
#include "clip.h"

#include <rapidjson/document.h>

#include <fstream>

using namespace reeld::libav;
using namespace reeld::test;

namespace {

// Groups of 48 pictures that refer both ways, and sound that begins and ends with them.
const std::string Pictures = "-f lavfi -i testsrc2=size=320x180:rate=25:duration=8 ";
const std::string Sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=8 -c:a aac ";
const std::string CodedSource =
    "-c:v libx264 -preset veryfast -bf 2 -g 48 -sc_threshold 0 -pix_fmt yuv420p ";

std::vector<std::int64_t> copyable(const std::string& clip) {
  const auto outcome = plugin().probe(clip);
  INFO(outcome.message);
  REQUIRE(outcome.status == REELD_OK);
  rapidjson::Document facts;
  facts.Parse(outcome.facts.c_str());
  std::vector<std::int64_t> bytes;
  for (const auto& group : facts["video"]["copyable"].GetArray()) {
    bytes.push_back(group.GetInt64());
  }
  CHECK((bytes.empty() || bytes.size() == facts["video"]["key_frames"].Size()));
  return bytes;
}

bool mayCopy(const std::string& arguments, const std::string& name = "a.mp4") {
  const Folder folder;
  makeClip(arguments + (folder / name));
  return !copyable(folder / name).empty();
}

std::string copySpec(const std::string& more) {
  return R"({"fps":[25,1],"segment_frames":96,"starts":[0,96,144],"frames":200,"rungs":)"
         R"([{"name":"180p","width":320,"height":180,"copy":true}],"audio":{"stream":1})" +
         more + "}";
}

}  // namespace

TEST_CASE("a plain H.264 file may be copied, and says how heavy each group is") {
  const Folder folder;
  makeClip(Pictures + Sound + CodedSource + (folder / "a.mp4"));
  const auto groups = copyable(folder / "a.mp4");
  REQUIRE(groups.size() == 5);
  std::int64_t all = 0;
  for (const std::int64_t bytes : groups) {
    all += bytes;
  }
  const auto sizes =
      shell("ffprobe -v error -select_streams v -show_entries packet=size -of csv=p=0 " +
            (folder / "a.mp4") + " | awk '{ all += $1 } END { print all }'");
  CHECK(all == std::stoll(sizes));
  CHECK(mayCopy(Pictures + CodedSource));
  CHECK(mayCopy(Pictures + CodedSource + "-profile:v baseline -bf 0 "));
}

TEST_CASE("pictures that not every player shows as they are may not") {
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-x264-params open-gop=1 "));
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-pix_fmt yuv420p10le "));
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-pix_fmt yuv444p "));
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-pix_fmt yuvj420p "));
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-flags +ildct+ilme -x264-params tff=1 "));
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-level 5.1 "));
  CHECK_FALSE(mayCopy(Pictures + "-vf setsar=4/3 " + CodedSource));
  CHECK_FALSE(mayCopy(Pictures + "-c:v mpeg4 "));
  CHECK_FALSE(mayCopy(Pictures + CodedSource, "a.mkv"));
  CHECK_FALSE(mayCopy(Pictures + CodedSource + "-movflags +frag_keyframe+empty_moov "));
}

TEST_CASE("pictures that are not one in each slot of the grid may not") {
  CHECK_FALSE(mayCopy(Pictures + "-vf \"select='mod(n,9)'\" -vsync vfr " + CodedSource));
  const Folder folder;
  makeClip(Pictures + Sound + CodedSource + (folder / "a.mp4"));
  makeClip("-ss 1 -i " + (folder / "a.mp4") + " -c copy " + (folder / "trimmed.mp4"));
  CHECK(copyable(folder / "trimmed.mp4").empty());
  makeClip("-i " + (folder / "a.mp4") + " -c copy -metadata:s:v rotate=90 " +
           (folder / "turned.mp4"));
  CHECK(copyable(folder / "turned.mp4").empty());
  makeClip("-itsoffset 0.5 -i " + (folder / "a.mp4") + " -i " + (folder / "a.mp4") +
           " -map 0:v -map 1:a -c copy " + (folder / "late.mp4"));
  CHECK(copyable(folder / "late.mp4").empty());
  makeClip(Pictures + "-f lavfi -i sine=duration=12 -c:a aac " + CodedSource +
           (folder / "longer.mp4"));
  CHECK(copyable(folder / "longer.mp4").empty());
  makeClip(Pictures + CodedSource + "-movflags +faststart " + (folder / "cut.mp4"));
  std::filesystem::resize_file(folder / "cut.mp4",
                               std::filesystem::file_size(folder / "cut.mp4") * 3 / 4);
  CHECK(copyable(folder / "cut.mp4").empty());
}

TEST_CASE("a copy has the source's pictures and one sound, cut where the task says") {
  const Folder folder;
  makeClip(Pictures + Sound + CodedSource + (folder / "a.mp4"));
  const Ladder ladder = encodeSpec(copySpec(R"(,"sound_parts":[0,2],"poster":true)"),
                                   folder / "a.mp4", folder / "made");
  INFO(ladder.outcome.message);
  REQUIRE(ladder.outcome.status == REELD_OK);
  CHECK(ladder.report.find("refused") == std::string::npos);
  CHECK(ladder.number("frames") == 200);
  CHECK(std::filesystem::exists(folder / "made/poster.jpg"));
  std::vector<std::int64_t> starts;
  std::vector<std::uint32_t> parts;
  for (const auto& segment : ladder.outcome.segments) {
    if (segment.rendition == "sound") {
      parts.push_back(segment.index);
    } else {
      starts.push_back(segment.start_us);
    }
  }
  CHECK(starts == std::vector<std::int64_t>{0, 3'840'000, 5'760'000});
  CHECK(parts == std::vector<std::uint32_t>{0, 2});
  requireSoundLadder(ladder);
  // The rungs beside it are cut at the same places, with the sound that came of it.
  std::string spec = copySpec(R"(,"first_segment":2)");
  const auto put = [&](const std::string& what, const std::string& by) {
    spec.replace(spec.find(what), what.size(), by);
  };
  put(R"("name":"180p","width":320,"height":180,"copy":true)",
      R"("name":"90p","width":160,"height":90)");
  put(R"({"stream":1})", R"({"stream":1,"ready_from":2})");
  const auto other = plugin().runWithSound(spec, folder / "a.mp4",
                                           folder / "made/sound/part_002.aac", folder / "other");
  INFO(other.message);
  REQUIRE(other.status == REELD_OK);
  REQUIRE(other.segments.size() == 1);
  CHECK(other.segments[0].start_us == 5'760'000);
  CHECK(other.segments[0].frames == 56);
  const auto sound = [](const std::string& file) { return packetsOf(file, "a").size(); };
  CHECK(sound(folder / "other/90p/segment_002.ts") == sound(folder / "made/180p/segment_002.ts"));
}

TEST_CASE("a task that goes on after a death makes what is left, and the sound anew") {
  const Folder folder;
  makeClip(Pictures + Sound + CodedSource + (folder / "a.mp4"));
  const Ladder ladder = encodeSpec(copySpec(R"(,"first_segment":1,"sound_parts":[0])"),
                                   folder / "a.mp4", folder / "b");
  INFO(ladder.outcome.message);
  REQUIRE(ladder.outcome.status == REELD_OK);
  CHECK(ladder.number("frames") == 104);
  CHECK(ladder.outcome.segments.size() == 3);
}

TEST_CASE("what the head did not say ends a copy with its reason") {
  const Folder folder;
  makeClip(Pictures + Sound + CodedSource + (folder / "a.mp4"));
  const auto reason = [&](std::string spec, const std::string& clip) {
    const Ladder ladder =
        encodeSpec(spec, clip, folder / std::to_string(spec.size()) + clip.back());
    INFO(ladder.outcome.message);
    REQUIRE(ladder.outcome.status == REELD_OK);
    const auto at = ladder.report.find(R"("refused":")") + 11;
    return ladder.report.substr(at, ladder.report.find('"', at) - at);
  };
  std::string spec = copySpec("");
  spec.replace(spec.find("[0,96,144]"), 10, "[0,90,144]");
  CHECK(reason(spec, folder / "a.mp4") == "picture 88 is not due where it is");
  spec = copySpec(R"( )");
  spec.replace(spec.find("200"), 3, "300");
  CHECK(reason(spec, folder / "a.mp4") == "there are 200 pictures of 300");
  makeClip(Pictures + "-f lavfi -i sine=duration=12 -c:a aac " + CodedSource +
           (folder / "longer.mp4"));
  CHECK(reason(copySpec("  "), folder / "longer.mp4") == "its sound goes on after its pictures");
}

TEST_CASE("damage between the first pictures of segments is found where all are decoded") {
  const Folder folder;
  makeClip(Pictures + CodedSource + (folder / "a.mp4"));
  std::string spec = copySpec("");
  spec.replace(spec.find("{\"stream\":1}"), 12, "null");
  const std::string all = spec.substr(0, spec.size() - 1) + ",\"decode_all\":true}";
  const Ladder whole = encodeSpec(all, folder / "a.mp4", folder / "whole");
  INFO(whole.outcome.message);
  CHECK(whole.report.find("refused") == std::string::npos);
  CHECK(whole.number("frames") == 200);
  // A slice of no type that there is, in the middle of a group.
  const auto at = std::stol(
      shell("ffprobe -v error -select_streams v -show_entries packet=pos,size -of csv=p=0 " +
            (folder / "a.mp4") + " | sed -n 70p | cut -d, -f2"));
  std::fstream file(folder / "a.mp4", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at + 5);
  file << std::string("\x80\0\0\0\0\0", 6);
  file.close();
  CHECK(encodeSpec(spec, folder / "a.mp4", folder / "b").report.find("refused") ==
        std::string::npos);
  CHECK(encodeSpec(all, folder / "a.mp4", folder / "c").report.find("refused") !=
        std::string::npos);
}

TEST_CASE("a sequence parameter set is read as far as it matters") {
  // x264's for 320x180: Main 3.0 in frames, High 4:2:0 with fields, High 10.
  const auto facts = [](const std::string& arguments) {
    const Folder folder;
    makeClip("-f lavfi -i testsrc2=size=320x180:rate=25:duration=0.2 -c:v libx264 " + arguments +
             " -f h264 " + (folder / "a.264"));
    std::ifstream file(folder / "a.264", std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (std::size_t at = 0; at + 4 < bytes.size(); ++at) {
      const AvcBytes unit(data + at + 3, bytes.size() - at - 3);
      if (data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1 &&
          isUnit(unit, AvcUnit::SequenceSet)) {
        const auto found = readSequenceSet(unit);
        REQUIRE(found);
        CHECK_FALSE(readSequenceSet(unit.first(5)));
        return *found;
      }
    }
    FAIL("no parameter set");
    return SequenceFacts{};
  };
  const SequenceFacts plain = facts("-profile:v main -level 3.0 -pix_fmt yuv420p");
  CHECK(plain.profile == 77);
  CHECK(plain.level == 30);
  CHECK(plain.bit_depth == 8);
  CHECK(plain.chroma_format == 1);
  CHECK(plain.frames_only);
  CHECK_FALSE(facts("-pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1").frames_only);
  const SequenceFacts deep = facts("-pix_fmt yuv422p10le");
  CHECK(deep.bit_depth == 10);
  CHECK(deep.chroma_format == 2);
  CHECK(facts("-pix_fmt yuv420p -x264-params cqm=jvt").frames_only);
}

TEST_CASE("a record of parameter sets that is cut off or something else is none") {
  const std::vector<std::uint8_t> good{1, 77, 0, 30, 0xff, 0xe1, 0, 2, 0x67, 77, 1, 0, 1, 0x68};
  const auto record = readAvcRecord(good);
  REQUIRE(record);
  CHECK(record->length_bytes == 4);
  CHECK(record->sequence_sets.size() == 1);
  CHECK(record->picture_sets.size() == 1);
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(readAvcRecord(AvcBytes(good).first(size)));
  }
  const std::vector<std::uint8_t> packet{0, 0, 0, 1, 0x65, 0, 0, 0, 2, 0x41, 0};
  int units = 0;
  CHECK(eachUnit(packet, 4, [&](AvcBytes) { ++units; }));
  CHECK(units == 2);
  CHECK_FALSE(eachUnit(AvcBytes(packet).first(10), 4, [](AvcBytes) {}));
}
