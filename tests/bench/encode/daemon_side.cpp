// The default ladder and the playlists of a finished run, as the daemon makes them from the same
// facts: enough of both for ffprobe and a bench, see plugin_host.h.
#include "plugin_host.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <thread>

namespace reeld::bench {
namespace {

struct Cap {
  int side;
  double maxrate;
};
constexpr Cap Caps[] = {{360, 0.8e6}, {480, 1.6e6}, {720, 3.3e6},
                        {1080, 6e6},  {1440, 11e6}, {1 << 30, 18e6}};

std::string rungsOf(const rapidjson::Value& video, const LadderWish& wish) {
  const int width = video["display_width"].GetInt();
  const int height = video["display_height"].GetInt();
  const double fps = static_cast<double>(video["fps"][0].GetInt()) / video["fps"][1].GetInt();
  const int side = std::min(width, height);
  std::vector<int> sides;
  std::copy_if(wish.heights.begin(), wish.heights.end(), std::back_inserter(sides),
               [&](int wanted) { return wanted <= side; });
  if (sides.empty()) {
    sides.push_back(std::max(2, side / 2 * 2));
  }
  std::ostringstream rungs;
  for (const int wanted : sides) {
    const auto even = [&](int length) {
      return std::max(2, static_cast<int>(std::lround(length * (wanted / 2.0) / side)) * 2);
    };
    const Cap* cap = std::find_if(std::begin(Caps), std::end(Caps),
                                  [&](const Cap& c) { return wanted <= c.side; });
    const auto maxrate = static_cast<std::int64_t>(cap->maxrate * (fps > 45 ? 1.5 : 1));
    rungs << (rungs.tellp() > 0 ? "," : "") << R"({"name":")" << wanted << R"(p","width":)"
          << even(width) << R"(,"height":)" << even(height) << R"(,"crf":)" << wish.crf
          << R"(,"maxrate":)" << maxrate << R"(,"bufsize":)" << 2 * maxrate << R"(,"profile":")"
          << (wanted <= 480 ? "main" : "high") << R"("})";
  }
  return rungs.str();
}

void writeIndex(const std::string& path, const std::map<std::uint32_t, const Segment*>& segments) {
  std::int64_t longest = 1;
  for (const auto& [number, segment] : segments) {
    longest = std::max(longest, segment->duration_us);
  }
  std::ofstream index(path);
  index << "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-TARGETDURATION:"
        << (longest + 999'999) / 1'000'000 << '\n';
  for (const auto& [number, segment] : segments) {
    char duration[32];
    std::snprintf(duration, sizeof duration, "%.6f",
                  static_cast<double>(segment->duration_us) / 1e6);
    index << "#EXTINF:" << duration << ",\n"
          << segment->path.substr(segment->path.rfind('/') + 1) << '\n';
  }
  index << "#EXT-X-ENDLIST\n";
}

}  // namespace

std::string defaultSpec(const std::string& facts, const LadderWish& wish) {
  rapidjson::Document source;
  source.Parse(facts.c_str());
  const bool has_video = source["video"].IsObject();
  const int num = has_video ? source["video"]["fps"][0].GetInt() : 25;
  const int den = has_video ? source["video"]["fps"][1].GetInt() : 1;
  const auto frames = std::max(1L, std::lround(wish.segment_seconds * num / den));
  std::ostringstream spec;
  spec << R"({"fps":[)" << num << ',' << den << R"(],"segment_frames":)" << frames
       << R"(,"first_segment":0,"segment_count":null,"rungs":[)"
       << (has_video ? rungsOf(source["video"], wish) : R"({"name":"audio"})") << R"(],"preset":")"
       << wish.preset << R"(","threads":)"
       << std::clamp(std::thread::hardware_concurrency(), 1U, 4U) << R"(,"audio":)";
  if (source["audio"].Empty()) {
    spec << "null";
  } else {
    spec << R"({"stream":)" << source["audio"][0]["stream"].GetInt()
         << R"(,"bitrate":128000,"sample_rate":48000,"channels":2})";
  }
  spec << R"(,"formats":["hls-ts"],"poster":true,"limits":{"max_pixels":36000000,)"
       << R"("max_duration_ms":86400000,"max_gap_ms":30000,"max_streams":32}})";
  return spec.str();
}

void writePlaylists(const std::string& directory, const Outcome& outcome) {
  rapidjson::Document report;
  const std::string text = readFile(directory + "/report.json");
  report.Parse(text.c_str());
  std::map<std::string, std::map<std::uint32_t, const Segment*>> segments;
  for (const Segment& segment : outcome.segments) {
    segments[segment.rendition][segment.index] = &segment;
  }
  std::ofstream master(directory + "/master.m3u8");
  master << "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (const auto& rendition : report["renditions"].GetArray()) {
    const std::string name = rendition["name"].GetString();
    master << "#EXT-X-STREAM-INF:BANDWIDTH=" << rendition["bandwidth"].GetInt64()
           << ",AVERAGE-BANDWIDTH=" << rendition["average_bandwidth"].GetInt64() << ",CODECS=\""
           << rendition["codecs"].GetString() << '"';
    if (rendition["width"].GetInt() > 0) {
      master << ",RESOLUTION=" << rendition["width"].GetInt() << 'x'
             << rendition["height"].GetInt();
    }
    master << '\n' << name << "/index.m3u8\n";
    writeIndex(directory + "/" + name + "/index.m3u8", segments[name]);
  }
}

}  // namespace reeld::bench
