// See clip.h.
#include "clip.h"

#include "catch.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <stdexcept>

namespace reeld::test {
namespace {

constexpr std::int64_t OffsetTicks = 900'000;
constexpr std::int64_t AudioStep = 1920;  // 1024 samples at 48 kHz

std::int64_t ticks(std::int64_t us) { return OffsetTicks + (us * 9 + 50) / 100; }

void requirePictures(const Ladder& ladder, const std::vector<const bench::Segment*>& segments,
                     double step) {
  std::int64_t last = -1;
  for (const bench::Segment* segment : segments) {
    const std::vector<Packet> packets = packetsOf(ladder.folder + "/" + segment->path, "v");
    INFO(segment->path);
    REQUIRE(packets.size() == segment->frames);
    CHECK(packets.front().key);
    CHECK(std::llabs(packets.front().pts - ticks(segment->start_us)) <= 1);
    for (const Packet& packet : packets) {
      if (last >= 0) {
        CHECK(std::abs(static_cast<double>(packet.pts - last) - step) <= 1);
      }
      last = packet.pts;
    }
  }
}

void requireSound(const Ladder& ladder, const std::vector<const bench::Segment*>& segments) {
  std::int64_t last = -1;
  for (const bench::Segment* segment : segments) {
    INFO(segment->path);
    const std::vector<Packet> packets = packetsOf(ladder.folder + "/" + segment->path, "a");
    if (segment != segments.back()) {
      REQUIRE_FALSE(packets.empty());
    }
    for (const Packet& packet : packets) {
      if (last >= 0) {
        CHECK(std::llabs(packet.pts - last - AudioStep) <= 1);
      } else {
        CHECK(packet.pts == OffsetTicks - AudioStep);  // the encoder's priming
      }
      last = packet.pts;
    }
  }
}

}  // namespace

Folder::Folder() {
  char name[] = "/tmp/reeld-ladder-XXXXXX";
  if (mkdtemp(name) == nullptr) {
    throw std::runtime_error("cannot make a folder in /tmp");
  }
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string shell(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    throw std::runtime_error("cannot run " + command);
  }
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), got);
  }
  if (pclose(pipe) != 0) {
    throw std::runtime_error(command + ": " + output);
  }
  return output;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) {
    throw std::runtime_error("no \"" + what + "\" in " + text);
  }
  return text.replace(at, what.size(), by);
}

void makeClip(const std::string& arguments) { shell("ffmpeg -nostdin -v error -y " + arguments); }

std::vector<Packet> packetsOf(const std::string& file, const std::string& kind) {
  std::istringstream lines(shell("ffprobe -v fatal -select_streams " + kind +
                                 " -show_entries packet=pts,flags -of csv=p=0 " + file));
  std::vector<Packet> packets;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) {
      packets.push_back({std::stoll(line), line.find('K') != std::string::npos});
    }
  }
  std::sort(packets.begin(), packets.end(),
            [](const Packet& a, const Packet& b) { return a.pts < b.pts; });
  return packets;
}

std::int64_t decodedFrames(const std::string& file) {
  return std::stoll(
      shell("ffprobe -v error -select_streams v:0 -count_frames "
            "-show_entries stream=nb_read_frames -of default=nw=1:nk=1 " +
            file));
}

std::int64_t Ladder::number(const std::string& name) const {
  const std::string key = "\"" + name + "\":";
  const std::size_t at = report.find(key);
  REQUIRE(at != std::string::npos);
  return std::stoll(report.substr(at + key.size()));
}

const bench::PluginHost& plugin() {
  static const bench::PluginHost host(REELD_ENCODER_PLUGIN);
  return host;
}

std::string specFor(const std::string& clip, const std::vector<int>& heights) {
  const bench::Outcome probed = plugin().probe(clip);
  INFO(probed.message);
  REQUIRE(probed.status == REELD_OK);
  return bench::specFor(
      probed.facts,
      {.rungs = heights, .preset = "ultrafast", .crf = 28, .segment_seconds = 1, .copy = false});
}

Ladder encodeSpec(const std::string& spec, const std::string& clip, const std::string& folder) {
  Ladder ladder{plugin().run(spec, clip, folder), folder, {}};
  if (ladder.outcome.status == REELD_OK) {
    ladder.report = bench::readFile(folder + "/report.json");
    bench::writePlaylists(folder, ladder.outcome);
  }
  return ladder;
}

Ladder encode(const std::string& clip, const std::string& folder, const std::vector<int>& heights) {
  Ladder ladder = encodeSpec(specFor(clip, heights), clip, folder);
  INFO(ladder.outcome.message);
  REQUIRE(ladder.outcome.status == REELD_OK);
  return ladder;
}

void requireSoundLadder(const Ladder& ladder) {
  rapidjson::Document report;
  report.Parse(ladder.report.c_str());
  REQUIRE(report.IsObject());
  std::set<std::vector<std::int64_t>> starts;
  for (const auto& rendition : report["renditions"].GetArray()) {
    std::vector<const bench::Segment*> segments;
    std::vector<std::int64_t> start;
    for (const bench::Segment& segment : ladder.outcome.segments) {
      if (segment.rendition == rendition["name"].GetString()) {
        segments.push_back(&segment);
        start.push_back(segment.start_us);
        CHECK(std::filesystem::file_size(ladder.folder + "/" + segment.path) == segment.bytes);
      }
    }
    CHECK(segments.size() == rendition["segments"].GetUint());
    starts.insert(start);
    const std::string codecs = rendition["codecs"].GetString();
    if (rendition["width"].GetInt() > 0) {
      const double fps = rendition["fps"][0].GetDouble() / rendition["fps"][1].GetDouble();
      requirePictures(ladder, segments, 90'000 / fps);
    }
    if (codecs.find("mp4a") != std::string::npos) {
      requireSound(ladder, segments);
    }
    const std::string index = ladder.folder + "/" + rendition["name"].GetString() + "/index.m3u8";
    CHECK(shell("ffmpeg -nostdin -v warning -i " + index + " -map 0 -f null -").empty());
  }
  CHECK(starts.size() == 1);
  CHECK(std::is_sorted(ladder.outcome.progress.begin(), ladder.outcome.progress.end()));
  CHECK(ladder.outcome.artifacts.back() == "report");
}

}  // namespace reeld::test
