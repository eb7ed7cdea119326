// A title made in ranges by tasks that know nothing of each other, with sound that one more task
// has made: it must be what a single task makes, frame for frame and packet for packet.
#include "catch.h"
#include "clip.h"

#include <cmath>
#include <sstream>

using namespace reeld::test;
using reeld::bench::Outcome;
using reeld::bench::Segment;

namespace {

constexpr int GoodSeconds = 9;

/// Every picture is as bright as its number says, so that one that is lost or doubled shows.
std::string numbered(double fps, const std::string& codec) {
  return "-f lavfi -i \"color=size=160x90:rate=" + std::to_string(fps) +
         ":duration=" + std::to_string(GoodSeconds) +
         ",format=yuv420p,geq=lum='16+mod(N*37\\,200)':cb=128:cr=128\" -f lavfi -i "
         "sine=frequency=440:sample_rate=44100:duration=" +
         std::to_string(GoodSeconds) + " " + codec + " -c:a aac ";
}

/// How bright each picture of a playlist is.
std::vector<double> brightness(const std::string& playlist) {
  std::istringstream lines(
      shell("ffmpeg -nostdin -v error -i " + playlist +
            " -map 0:v -vf signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=- -f null - "
            "| sed -n 's/.*YAVG=//p'"));
  std::vector<double> all;
  for (double value = 0; lines >> value;) {
    all.push_back(value);
  }
  return all;
}

class Ranges {
 public:
  Ranges(std::string clip, std::string folder)
      : clip_(std::move(clip)), folder_(std::move(folder)), spec_(specFor(clip_, {90})) {}

  /// The sound first, then the ranges that begin with these segments; the last is open.
  Ladder make(const std::vector<int>& firsts) {
    makeSound(firsts);
    Ladder all{{}, folder_ + "/parts", {}};
    // Late ones first: nothing may depend on the order.
    std::vector<Outcome> outcomes(firsts.size());
    for (std::size_t i = firsts.size(); i-- > 0;) {
      outcomes[i] = makeRange(firsts[i], i + 1 < firsts.size() ? firsts[i + 1] : -1);
    }
    for (const Outcome& outcome : outcomes) {
      all.outcome.segments.insert(all.outcome.segments.end(), outcome.segments.begin(),
                                  outcome.segments.end());
    }
    reeld::bench::writePlaylists(all.folder, all.outcome);
    return all;
  }

 private:
  void makeSound(const std::vector<int>& firsts) {
    std::string list;
    for (const int first : firsts) {
      list += (list.empty() ? "" : ",") + std::to_string(first);
    }
    const auto rungs = spec_.find("\"rungs\":[");
    const auto preset = spec_.find("],\"preset\"");
    std::string spec = spec_;
    spec.replace(rungs, preset - rungs, "\"sound_parts\":[" + list);
    const Outcome outcome = plugin().run(spec, clip_, folder_ + "/sound");
    INFO(outcome.message);
    REQUIRE(outcome.status == REELD_OK);
    REQUIRE(outcome.segments.size() == firsts.size());
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      CHECK(outcome.segments[i].rendition == "sound");
      CHECK(outcome.segments[i].index == static_cast<std::uint32_t>(firsts[i]));
      parts_.push_back(folder_ + "/sound/" + outcome.segments[i].path);
    }
  }

  Outcome makeRange(int first, int end) {
    std::string spec =
        replaced(spec_, "\"first_segment\":0", "\"first_segment\":" + std::to_string(first));
    if (end >= 0) {
      spec = replaced(spec, "\"segment_count\":null",
                      "\"segment_count\":" + std::to_string(end - first));
    }
    spec = replaced(spec, "\"audio\":{",
                    "\"seek\":true,\"audio\":{\"ready_from\":" + std::to_string(first) + ",");
    const std::size_t part = nextPart();
    const Outcome outcome = plugin().runWithSound(spec, clip_, parts_[part], folder_ + "/parts");
    INFO(outcome.message);
    REQUIRE(outcome.status == REELD_OK);
    return outcome;
  }

  std::size_t nextPart() { return parts_.size() - 1 - made_++; }

  std::string clip_;
  std::string folder_;
  std::string spec_;
  std::vector<std::string> parts_;
  std::size_t made_ = 0;
};

void requireSame(const std::string& clip, const Folder& folder, const std::vector<int>& firsts) {
  const Ladder whole = encode(clip, folder / "whole", {90});
  Ladder parts = Ranges(clip, folder / "").make(firsts);
  REQUIRE(parts.outcome.segments.size() == whole.outcome.segments.size());
  parts.report = whole.report;
  parts.outcome.artifacts = {"report"};
  requireSoundLadder(parts);
  const auto expected = brightness(whole.folder + "/90p/index.m3u8");
  const auto made = brightness(parts.folder + "/90p/index.m3u8");
  REQUIRE(made.size() == expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    INFO("frame " << i << " of " << made.size());
    REQUIRE(std::abs(made[i] - expected[i]) < 4);
  }
}

const std::string Reordered =
    "-c:v libx264 -preset veryfast -bf 3 -g 60 -sc_threshold 0 -pix_fmt yuv420p";

}  // namespace

TEST_CASE("ranges of an MP4 are the title, frame for frame, with one sound") {
  const Folder folder;
  makeClip(numbered(25, Reordered) + (folder / "a.mp4"));
  requireSame(folder / "a.mp4", folder, {0, 2, 5, 7});
}

TEST_CASE("ranges of a Matroska file at 29.97 are the title, in milliseconds as they are") {
  const Folder folder;
  makeClip(numbered(29.97, Reordered) + (folder / "a.mkv"));
  requireSame(folder / "a.mkv", folder, {0, 3, 4});
}

TEST_CASE("ranges of open GOPs and a variable rate are the title") {
  const Folder folder;
  makeClip(numbered(30,
                    "-vf \"select='not(eq(mod(n\\,7)\\,3))'\" -vsync vfr -c:v libx264 "
                    "-preset veryfast -x264-params open-gop=1:keyint=45:bframes=3 -pix_fmt "
                    "yuv420p") +
           (folder / "a.mp4"));
  requireSame(folder / "a.mp4", folder, {0, 2, 4, 6});
}

TEST_CASE("a task whose range the title never reaches makes nothing, and says so") {
  const Folder folder;
  makeClip(numbered(25, Reordered) + (folder / "a.mp4"));
  std::string spec = specFor(folder / "a.mp4", {90});
  const auto audio = spec.find("\"audio\":{");
  spec.replace(audio, spec.find('}', audio) + 1 - audio, "\"audio\":null,\"seek\":true");
  spec = replaced(spec, "\"first_segment\":0", "\"first_segment\":30");
  const Ladder nothing = encodeSpec(spec, folder / "a.mp4", folder / "out");
  REQUIRE(nothing.outcome.status == REELD_OK);
  CHECK(nothing.outcome.segments.empty());
  CHECK(nothing.number("frames") == 0);
}

TEST_CASE("the beginning of a title made by itself has the sound of the whole, and joins it") {
  const Folder folder;
  makeClip(numbered(25, Reordered) + (folder / "a.mp4"));
  const std::string clip = folder / "a.mp4";
  const std::string spec = specFor(clip, {90, 60});
  const Ladder whole =
      encodeSpec(replaced(spec, "\"poster\":", "\"beginning_apart\":true,\"poster\":"), clip,
                 folder / "whole");
  INFO(whole.outcome.message);
  REQUIRE(whole.outcome.status == REELD_OK);
  std::string beginning =
      replaced(specFor(clip, {60}), "\"segment_count\":null", "\"segment_count\":1");
  const Ladder first = encodeSpec(replaced(beginning, "\"poster\":true", "\"poster\":false"), clip,
                                  folder / "first");
  REQUIRE(first.outcome.status == REELD_OK);
  REQUIRE(first.outcome.segments.size() == 1);
  const auto sound = [](const std::string& file) {
    return shell("ffmpeg -nostdin -v error -i " + file + " -map 0:a -c copy -f framemd5 -");
  };
  const std::string name = "/60p/segment_000.ts";
  CHECK(sound(first.folder + name) == sound(whole.folder + name));
  std::filesystem::copy_file(first.folder + name, whole.folder + name,
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(shell("ffmpeg -nostdin -v warning -i " + whole.folder + "/60p/index.m3u8 -map 0 -f null -")
            .empty());
}
