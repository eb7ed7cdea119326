// Runs one encoder plugin on one file, the way a worker does but without its sandbox: opens the
// .so, makes an instance, probes or encodes, prints what the plugin tells. What a bench measures
// and a test plays.
//
//   encode_once probe PLUGIN FILE
//   encode_once run PLUGIN FILE OUTPUT_DIR [SPEC.json]
//       without SPEC: 480p, 720p and 1080p of the source, or "audio", at the defaults
//   options: --heights 480,720,1080  --preset P  --crf N  --segment-seconds N  --cancel-after-ms N
//   --log
//
// Writes master.m3u8 and an index.m3u8 per rung beside the segments. Exit 0, or 1 + the plugin's
// status.
#include <rapidjson/document.h>
#include <reeld/kind/encoder.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

struct Wish {
  std::vector<int> heights{480, 720, 1080};
  std::string preset = "veryfast";
  double crf = 20;
  double segment_seconds = 4;
  int cancel_after_ms = -1;
  bool log = false;
};

[[noreturn]] void die(const std::string& text) {
  std::cerr << "encode_once: " << text << '\n';
  std::exit(1);
}

bool log_wanted = false;

int32_t logEnabled(const reeld_host*, int32_t level) { return log_wanted || level < 7 ? 1 : 0; }
void logWrite(const reeld_host*, int32_t level, reeld_str text, reeld_list) {
  std::cerr << "log " << level << ": " << std::string_view(text.data, text.size) << '\n';
}
const reeld_host_log LogTable{sizeof(reeld_host_log), 0, logEnabled, logWrite};
const void* service(const reeld_host*, const char* id) {
  return std::strcmp(id, REELD_HOST_LOG) == 0 ? &LogTable : nullptr;
}

struct Line {
  std::int64_t duration_us;
  std::string file;
};
struct Events {
  std::map<std::string, std::map<std::uint32_t, Line>> renditions;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

void onProgress(void*, uint32_t permille) { std::cerr << "progress " << permille << '\n'; }
void onSegment(void* ctx, const reeld_segment* s) {
  auto& events = *static_cast<Events*>(ctx);
  const std::string rendition(s->rendition.data, s->rendition.size);
  const std::string path(s->path.data, s->path.size);
  events.renditions[rendition][s->index] = {s->duration_us, path.substr(path.rfind('/') + 1)};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - events.began);
  std::cout << "segment " << path << " start_us=" << s->start_us
            << " duration_us=" << s->duration_us << " bytes=" << s->bytes << " frames=" << s->frames
            << " after_ms=" << ms.count() << '\n';
}
void onArtifact(void*, reeld_str kind, reeld_str path) {
  std::cout << "artifact " << std::string_view(kind.data, kind.size) << ' '
            << std::string_view(path.data, path.size) << '\n';
}

// The default ladder (encoding.md, section 2): the short side names a rung, nothing is scaled up.
std::string defaultSpec(const std::string& facts_json, const Wish& wish) {
  rapidjson::Document facts;
  facts.Parse(facts_json.c_str());
  const bool has_video = facts["video"].IsObject();
  int num = 25, den = 1;
  std::ostringstream rungs;
  if (has_video) {
    const auto& video = facts["video"];
    num = video["fps"][0].GetInt();
    den = video["fps"][1].GetInt();
    const int width = video["display_width"].GetInt();
    const int height = video["display_height"].GetInt();
    const int side = std::min(width, height);
    std::vector<int> sides;
    std::copy_if(wish.heights.begin(), wish.heights.end(), std::back_inserter(sides),
                 [&](int wanted) { return wanted <= side; });
    if (sides.empty()) {
      sides.push_back(std::max(2, side / 2 * 2));
    }
    const double fast = static_cast<double>(num) / den > 45 ? 1.5 : 1;
    for (const int wanted : sides) {
      const auto even = [&](int length) {
        return std::max(2, static_cast<int>(std::lround(length * (wanted / 2.0) / side)) * 2);
      };
      const double cap = wanted <= 480    ? 1.6e6
                         : wanted <= 720  ? 3.3e6
                         : wanted <= 1080 ? 6e6
                                          : 18e6;
      const auto maxrate = static_cast<std::int64_t>(cap * fast);
      rungs << (rungs.tellp() > 0 ? "," : "") << R"({"name":")" << wanted << R"(p","width":)"
            << even(width) << R"(,"height":)" << even(height) << R"(,"crf":)" << wish.crf
            << R"(,"maxrate":)" << maxrate << R"(,"bufsize":)" << 2 * maxrate << R"(,"profile":")"
            << (wanted <= 480 ? "main" : "high") << R"("})";
    }
  } else {
    rungs << R"({"name":"audio"})";
  }
  const auto frames = std::max(1L, std::lround(wish.segment_seconds * num / den));
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  std::ostringstream spec;
  spec << R"({"fps":[)" << num << ',' << den << R"(],"segment_frames":)" << frames
       << R"(,"first_segment":0,"segment_count":null,"rungs":[)" << rungs.str() << R"(],"preset":")"
       << wish.preset << R"(","threads":)" << std::min(cores, 4U) << R"(,"audio":)";
  if (facts["audio"].Empty()) {
    spec << "null";
  } else {
    spec << R"({"stream":)" << facts["audio"][0]["stream"].GetInt()
         << R"(,"bitrate":128000,"sample_rate":48000,"channels":2})";
  }
  spec << R"(,"formats":["hls-ts"],"poster":true,"limits":{"max_pixels":36000000,)"
       << R"("max_duration_ms":86400000,"max_gap_ms":30000,"max_streams":32}})";
  return spec.str();
}

std::string readFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void writePlaylists(const std::string& directory, const Events& events) {
  rapidjson::Document report;
  const std::string text = readFile(directory + "/report.json");
  report.Parse(text.c_str());
  std::ofstream master(directory + "/master.m3u8");
  master << "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (const auto& r : report["renditions"].GetArray()) {
    const std::string name = r["name"].GetString();
    master << "#EXT-X-STREAM-INF:BANDWIDTH=" << r["bandwidth"].GetInt64()
           << ",AVERAGE-BANDWIDTH=" << r["average_bandwidth"].GetInt64() << ",CODECS=\""
           << r["codecs"].GetString() << '"';
    if (r["width"].GetInt() > 0) {
      master << ",RESOLUTION=" << r["width"].GetInt() << 'x' << r["height"].GetInt();
    }
    master << '\n' << name << "/index.m3u8\n";
    std::ofstream index(directory + "/" + name + "/index.m3u8");
    std::int64_t longest = 1;
    for (const auto& [number, line] : events.renditions.at(name)) {
      longest = std::max(longest, line.duration_us);
    }
    index << "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-TARGETDURATION:"
          << (longest + 999'999) / 1'000'000 << '\n';
    for (const auto& [number, line] : events.renditions.at(name)) {
      char duration[32];
      std::snprintf(duration, sizeof duration, "%.6f", static_cast<double>(line.duration_us) / 1e6);
      index << "#EXTINF:" << duration << ",\n" << line.file << '\n';
    }
    index << "#EXT-X-ENDLIST\n";
  }
}

struct Opened {
  const reeld_plugin* plugin = nullptr;
  const reeld_encoder* encoder = nullptr;
  void* self = nullptr;
};

Opened openPlugin(const std::string& path, const reeld_host& host) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    die(dlerror());
  }
  using Entry = const reeld_plugin* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library, "reeld_plugin_abi1"));
  if (entry == nullptr) {
    die("no plugin: it exports no reeld_plugin_abi1");
  }
  Opened opened;
  opened.plugin = entry();
  for (const reeld_interface* i = opened.plugin->interfaces; i->id != nullptr; ++i) {
    if (std::strcmp(i->id, REELD_ENCODER) == 0) {
      opened.encoder = static_cast<const reeld_encoder*>(i->table);
    }
  }
  if (opened.encoder == nullptr) {
    die("no encoder plugin");
  }
  reeld_error error{};
  if (opened.plugin->create(&host, {"{}", 2}, &opened.self, &error) != REELD_OK) {
    die(error.message);
  }
  return opened;
}

}  // namespace

int main(int argc, char** argv) {
  Wish wish;
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] {
      return ++i < argc ? std::string(argv[i]) : (die(word + " needs a value"), "");
    };
    if (word == "--heights") {
      wish.heights.clear();
      std::istringstream list(value());
      for (std::string part; std::getline(list, part, ',');) {
        wish.heights.push_back(std::stoi(part));
      }
    } else if (word == "--preset") {
      wish.preset = value();
    } else if (word == "--crf") {
      wish.crf = std::stod(value());
    } else if (word == "--segment-seconds") {
      wish.segment_seconds = std::stod(value());
    } else if (word == "--cancel-after-ms") {
      wish.cancel_after_ms = std::stoi(value());
    } else if (word == "--log") {
      wish.log = log_wanted = true;
    } else {
      words.push_back(word);
    }
  }
  const bool probing = words.size() == 3 && words[0] == "probe";
  if (!probing && !((words.size() == 4 || words.size() == 5) && words[0] == "run")) {
    die("usage: encode_once probe PLUGIN FILE | run PLUGIN FILE OUTPUT_DIR [SPEC.json] [options]");
  }
  reeld_host host{};
  host.struct_size = sizeof host;
  host.abi_major = REELD_ABI_MAJOR;
  host.abi_minor = REELD_ABI_MINOR;
  host.version = "encode_once";
  host.instance = "encoder";
  host.data_dir = "/nonexistent";
  host.service = service;
  const Opened opened = openPlugin(words[1], host);
  const int source = open(words[2].c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0) {
    die("cannot open " + words[2]);
  }
  std::atomic<std::int32_t> cancelled{0};
  reeld_call call{};
  call.struct_size = sizeof call;
  call.cancelled = reinterpret_cast<const std::int32_t*>(&cancelled);
  reeld_error error{};
  error.struct_size = sizeof error;
  std::string facts;
  const reeld_sink json{&facts, [](void* ctx, reeld_bytes bytes, uint64_t) {
                          static_cast<std::string*>(ctx)->assign(
                              reinterpret_cast<const char*>(bytes.data), bytes.size);
                        }};
  reeld_status status = REELD_OK;
  if (probing || words.size() == 4) {
    status = opened.encoder->probe(opened.self, &call, source, &json, &error);
    if (status == REELD_OK) {
      std::cout << facts << '\n';
    }
  }
  if (!probing && status == REELD_OK) {
    const std::string spec = words.size() == 5 ? readFile(words[4]) : defaultSpec(facts, wish);
    std::cout << spec << '\n';
    mkdir(words[3].c_str(), 0777);
    const int directory = open(words[3].c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
    if (directory < 0) {
      die("cannot open " + words[3]);
    }
    const reeld_input input{{"source", 6}, source, 0};
    reeld_job job{};
    job.struct_size = sizeof job;
    job.job_id = {"once", 4};
    job.spec = {spec.data(), spec.size()};
    job.inputs = &input;
    job.input_count = 1;
    job.output_dir_fd = directory;
    Events events;
    const reeld_job_sink sink{&events, onProgress, onSegment, onArtifact};
    std::thread canceller;
    if (wish.cancel_after_ms >= 0) {
      canceller = std::thread([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(wish.cancel_after_ms));
        events.began = std::chrono::steady_clock::now();
        cancelled = 1;
      });
    }
    status = opened.encoder->run(opened.self, &call, &job, &sink, &error);
    if (canceller.joinable()) {
      canceller.join();
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - events.began);
      std::cout << "stopped " << ms.count() << " ms after the cancel flag\n";
    }
    if (status == REELD_OK) {
      writePlaylists(words[3], events);
    }
  }
  opened.plugin->destroy(opened.self);
  if (status != REELD_OK) {
    std::cout << "status " << status << ": " << error.message << '\n';
    return 1 + status;
  }
  return 0;
}
