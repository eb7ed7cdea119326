// An encoder plugin whose conduct the task's spec chooses by a word in "preset": it makes small
// segments that hold no decodable picture, or crashes, hangs, lies, or tries what is forbidden. It
// decodes nothing.
#include "fakes/ts_segment.h"
#include "inspection.h"
#include "misconduct.h"
#include "task.h"

#include <reeld/kind/encoder.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace scripted;

bool makeSegment(const reeld_job& job, const reeld_job_sink& sink, const std::string& rung,
                 unsigned index, const std::string& conduct, bool is_sound) {
  char name[64];
  std::snprintf(name, sizeof name, "%s/segment_%03u.ts", rung.c_str(), index);
  const std::string path = name;
  reeld::test::TsShape shape;
  shape.start_us = std::int64_t{index} * 4'000'000;
  shape.sound_alone = is_sound;
  if (index == 1) {
    shape.idr = conduct != "no-idr";
    shape.frames -= conduct == "lost-picture" ? 1 : 0;
  }
  const std::string content = reeld::test::tsSegment(shape);
  if (!writeFile(job.output_dir_fd, path, content)) {
    return false;
  }
  const std::string format = "hls-ts";
  reeld_segment segment{};
  segment.struct_size = sizeof segment;
  segment.index = index;
  segment.rendition = view(rung);
  segment.path = view(path);
  segment.start_us = std::int64_t{index} * 4'000'000;
  segment.duration_us = 4'000'000;
  segment.bytes = content.size();
  segment.frames = 100;
  segment.format = view(format);
  sink.segment(sink.ctx, &segment);
  return true;
}

std::string report(const std::vector<std::string>& rungs, std::int64_t segments,
                   const std::string& conduct) {
  const std::string frames = std::to_string(segments * 100);
  std::string json = R"({"frames":)" + frames + R"(,"duration_us":)" +
                     std::to_string(segments * 4'000'000) + R"(,"decode_errors":0,"damaged":)";
  json += conduct == "damaged" ? "true" : "false";
  json += conduct == "refuse-copy" ? R"(,"refused":"it is not what it seems")" : "";
  json += R"(,"renditions":[)";
  for (const std::string& rung : rungs) {
    json += (json.back() == '[' ? "" : ",");
    json += R"({"name":")" + rung +
            R"(","width":640,"height":360,"codecs":"avc1.4d401e,mp4a.40.2",)" +
            R"("fps":[25,1],"bandwidth":2000,"average_bandwidth":2000,"frames":)" + frames +
            R"(,"segments":)" + std::to_string(segments) + "}";
  }
  return json + "]}";
}

/// A part of four bytes for each segment named.
bool makeSound(const reeld_job& job, const reeld_job_sink& sink, const std::string& spec) {
  const std::string name = "sound";
  const std::string format = "aac";
  mkdirat(job.output_dir_fd, name.c_str(), 0700);
  const auto list = spec.find("\"sound_parts\":[") + std::strlen("\"sound_parts\":[");
  for (const char* at = spec.c_str() + list; *at != ']';) {
    char* end = nullptr;
    const auto first = static_cast<std::uint32_t>(std::strtoul(at, &end, 10));
    at = *end == ',' ? end + 1 : end;
    const std::string path = "sound/part_" + std::to_string(first) + ".aac";
    if (!writeFile(job.output_dir_fd, path, "beep")) {
      return false;
    }
    reeld_segment part{};
    part.struct_size = sizeof part;
    part.index = first;
    part.rendition = view(name);
    part.path = view(path);
    part.bytes = 4;
    part.frames = 1;
    part.format = view(format);
    sink.segment(sink.ctx, &part);
  }
  return true;
}

/// A range that muxes sound must have been given it, and how it was to be made.
bool lacksSound(const reeld_job& job, const std::string& spec) {
  char beep[8] = {};
  return spec.find("\"ready_from\"") != std::string::npos &&
         (number(spec, "bitrate", 0) == 0 || job.input_count != 2 ||
          text(job.inputs[1].name) != "sound" ||
          pread(job.inputs[1].fd, beep, sizeof beep, 0) != 4);
}

reeld_status make(const reeld_call* call, const reeld_job& job, const reeld_job_sink& sink,
                  const std::string& conduct, reeld_error* error) {
  const std::string spec = text(job.spec);
  const bool is_copy = spec.find("\"copy\":true") != std::string::npos;
  if (spec.find("\"sound_parts\"") != std::string::npos) {
    if (!makeSound(job, sink, spec)) {
      return fail(error, REELD_INTERNAL, "cannot write a part");
    }
    if (!is_copy) {
      return finish(job, sink, report({}, number(spec, "frames", 0) / 100, ""), error);
    }
  }
  if (lacksSound(job, spec)) {
    return fail(error, REELD_INTERNAL, "there is no sound");
  }
  const std::vector<std::string> rungs = names(spec);
  const std::int64_t all = (number(spec, "frames", 300) + 99) / 100;
  const std::int64_t first = number(spec, "first_segment", 0);
  const std::int64_t end = std::min(all, first + number(spec, "segment_count", all));
  for (const std::string& rung : rungs) {
    mkdirat(job.output_dir_fd, rung.c_str(), 0700);
  }
  const bool is_alternate = spec.find("\"beside\"") != std::string::npos;
  if (is_alternate && conduct == "refuse-alternate") {
    return fail(error, REELD_INVALID, "nothing of it decodes");
  }
  for (auto index = static_cast<unsigned>(first); index < end; ++index) {
    if (is_alternate && conduct == "short-alternate" && index + 1 == end) {
      continue;
    }
    if ((conduct == "crash-midway" || (conduct == "crash-alternate" && is_alternate) ||
         (conduct == "crash-copy" && is_copy)) &&
        index == 1) {
      std::abort();  // in the same place whenever it comes there
    }
    for (const std::string& rung : rungs) {
      if (reeld_cancelled(call)) {
        return fail(error, REELD_CANCELLED, "told to stop");
      }
      if (!makeSegment(job, sink, rung, index, conduct, is_alternate)) {
        return fail(error, REELD_INTERNAL, "cannot write a segment");
      }
    }
    sink.progress(sink.ctx, static_cast<std::uint32_t>(index + 1 - first) * 1000 /
                                static_cast<std::uint32_t>(end - first));
    if (conduct == "pause-midway" && index == 1) {
      while (!reeld_cancelled(call)) {
        std::this_thread::yield();
        sink.progress(sink.ctx, 666);
        usleep(20'000);
      }
      return fail(error, REELD_CANCELLED, "told to stop");
    }
  }
  const std::string kind = "poster";
  const std::string poster = "poster.jpg";
  if (spec.find("\"poster\":true") != std::string::npos) {
    if (!writeFile(job.output_dir_fd, poster, "jpeg")) {
      return fail(error, REELD_INTERNAL, "cannot write the poster");
    }
    sink.artifact(sink.ctx, view(kind), view(poster));
  }
  return finish(job, sink,
                report(rungs, std::max<std::int64_t>(end - first, 0),
                       is_copy || conduct != "refuse-copy" ? conduct : ""),
                error);
}

/// Of streams up to 9 a cue each; 10 is no WebVTT, 11 is the end of the process, 12 is not decoded,
/// 13 shows nothing, and for 14 the file is to blame.
reeld_status takeText(const reeld_job& job, const reeld_job_sink& sink, const std::string& spec,
                      reeld_error* error) {
  const std::string folder = "subtitles";
  mkdirat(job.output_dir_fd, folder.c_str(), 0700);
  std::string said;
  const auto list = spec.find("\"streams\":[") + std::strlen("\"streams\":[");
  for (const char* at = spec.c_str() + list; *at != ']';) {
    char* end = nullptr;
    const long stream = std::strtol(at, &end, 10);
    at = *end == ',' ? end + 1 : end;
    if (stream == 11) {
      std::abort();
    }
    if (stream == 14) {
      return fail(error, REELD_INVALID, "the file cannot be read any further");
    }
    const std::string path = folder + "/stream_" + std::to_string(stream) + ".vtt";
    if (stream <= 10) {
      if (!writeFile(job.output_dir_fd, path,
                     stream == 10 ? "nonsense" : "WEBVTT\n\n00:01.000 --> 00:02.000\nline\n")) {
        return fail(error, REELD_INTERNAL, "cannot write subtitles");
      }
      sink.artifact(sink.ctx, view(folder), view(path));
    }
    said += (said.empty() ? "" : ",") + std::string(R"({"stream":)") + std::to_string(stream) +
            R"(,"decoded":)" + (stream == 12 ? "false" : "true") + R"(,"cues":1,"dropped":)" +
            (stream == 9 ? "4" : "0") + R"(,"decode_errors":0})";
  }
  return finish(job, sink, R"({"subtitles":[)" + said + "]}", error);
}

/// A sheet. The width of its tiles chooses what it does otherwise: 62 is no JPEG, 64 is the end of
/// the process, 66 leaves a tile black, and for 68 the file is to blame.
reeld_status makeSheet(const reeld_job& job, const reeld_job_sink& sink, const std::string& spec,
                       reeld_error* error) {
  const auto width = number(spec, "tile_width", 0);
  if (width == 64) {
    std::abort();
  }
  if (width == 68) {
    return fail(error, REELD_INVALID, "there is no picture in it that can be decoded");
  }
  const std::string kind = "storyboard";
  const std::string path = "storyboard.jpg";
  if (!writeFile(job.output_dir_fd, path, width == 62 ? "nonsense" : "\xff\xd8\xff tiles")) {
    return fail(error, REELD_INTERNAL, "cannot write a sheet");
  }
  sink.artifact(sink.ctx, view(kind), view(path));
  std::string tiles;
  for (std::size_t i = 0; i < job.input_count; ++i) {
    tiles += std::string(i == 0 ? "" : ",") + R"({"name":"x","decoded":)" +
             (width == 66 && i == 0 ? "false" : "true") + "}";
  }
  return finish(job, sink, R"({"tiles":[)" + tiles + "]}", error);
}

reeld_status run(void*, const reeld_call* call, const reeld_job* job, const reeld_job_sink* sink,
                 reeld_error* error) {
  const std::string spec = text(job->spec);
  if (spec.find("\"subtitles\":{") != std::string::npos) {
    return takeText(*job, *sink, spec, error);
  }
  if (spec.find("\"storyboard\":{") != std::string::npos) {
    return makeSheet(*job, *sink, spec, error);
  }
  const std::string key = "\"preset\":\"";
  const auto at = spec.find(key);
  const auto start = at == std::string::npos ? 0 : at + key.size();
  const std::string conduct = spec.substr(start, spec.find('"', start) - start);
  const bool makes = conduct == "good" || conduct == "damaged" || conduct == "crash-midway" ||
                     conduct == "pause-midway" || conduct == "no-idr" ||
                     conduct == "lost-picture" || conduct == "refuse-copy" ||
                     conduct == "crash-copy" || conduct.ends_with("-alternate");
  return makes ? make(call, *job, *sink, conduct, error)
               : misbehave(call, *job, *sink, conduct, error);
}

reeld_status create(const reeld_host* host, reeld_str, void** self, reeld_error*) {
  *self = const_cast<reeld_host*>(host);
  return REELD_OK;
}
void destroy(void*) {}

const reeld_encoder Table = {sizeof(reeld_encoder), 0, inspect, run};
const reeld_interface Interfaces[] = {{REELD_ENCODER, &Table}, {nullptr, nullptr}};
const reeld_plugin Plugin = {sizeof(reeld_plugin),
                             REELD_ABI_MAJOR,
                             0,
                             "test.scripted-encoder",
                             "1.0",
                             "scripted encoder",
                             "reeld",
                             "Apache-2.0",
                             nullptr,
                             nullptr,
                             Interfaces,
                             create,
                             destroy,
                             nullptr,
                             nullptr,
                             nullptr,
                             nullptr};

}  // namespace

extern "C" REELD_EXPORT const reeld_plugin* reeld_plugin_abi1(void) { return &Plugin; }
