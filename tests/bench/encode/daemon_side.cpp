// What the daemon does around a run of the encoder: the spec, made by its own planner so that a
// bench measures what is shipped, and playlists enough for ffprobe; see plugin_host.h.
#include "plugin_host.h"
#include "processing/encoding_part.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>

namespace reeld::bench {
namespace {

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

std::string specFor(const std::string& facts, const processing::LadderSettings& settings) {
  const auto source = processing::SourceFacts::fromJson(Json::parse(facts));
  return processing::planFor(source, settings).spec(settings).dump();
}

CopyTasks copyTasksFor(const std::string& facts, const processing::LadderSettings& settings) {
  using processing::Making;
  const auto source = processing::SourceFacts::fromJson(Json::parse(facts));
  const processing::Plan plan = processing::planFor(source, settings);
  if (!plan.copies() || !plan.audio_stream || plan.count(Making::Encoded) == 0) {
    throw std::runtime_error(
        "this is not a source with sound of which one rung of several is copied");
  }
  const processing::EncodingWork work{{}, plan, plan.spec(settings), {}};
  Json copy = work.specOf(plan.names(Making::Copied));
  copy.set("sound_parts", Json::Array{Json(0)});
  copy.set("poster", false);
  Json others = work.specOf(plan.names(Making::Encoded));
  Json sound = *others.find("audio");
  sound.set("ready_from", 0);
  others.set("audio", std::move(sound));
  return {copy.dump(), others.dump()};
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
