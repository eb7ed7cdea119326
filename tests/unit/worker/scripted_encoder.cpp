// An encoder plugin whose conduct the task's spec chooses by a word in "preset": it makes small
// segments that hold no decodable picture, or crashes, hangs, lies, or tries what is forbidden. It
// decodes nothing.
#include "fakes/ts_segment.h"

#include <reeld/kind/encoder.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

std::string text(reeld_str value) { return {value.data, value.size}; }
reeld_str view(const std::string& value) { return {value.data(), value.size()}; }

reeld_status fail(reeld_error* error, reeld_status status, const char* message) {
  std::snprintf(error->message, sizeof error->message, "%s", message);
  return status;
}

/// Every value of "name":"...".
std::vector<std::string> names(const std::string& spec) {
  std::vector<std::string> found;
  const std::string key = "\"name\":\"";
  for (auto at = spec.find(key); at != std::string::npos; at = spec.find(key, at + 1)) {
    const auto start = at + key.size();
    found.push_back(spec.substr(start, spec.find('"', start) - start));
  }
  return found;
}

bool writeFile(int folder, const std::string& path, const std::string& content) {
  const int fd = openat(folder, path.c_str(), O_CREAT | O_WRONLY | O_EXCL, 0600);
  const bool ok =
      fd >= 0 && write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  close(fd);
  return ok;
}

bool makeSegment(const reeld_job& job, const reeld_job_sink& sink, const std::string& rung,
                 unsigned index, const std::string& conduct) {
  char name[64];
  std::snprintf(name, sizeof name, "%s/segment_%03u.ts", rung.c_str(), index);
  const std::string path = name;
  reeld::test::TsShape shape;
  shape.start_us = std::int64_t{index} * 4'000'000;
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

std::string report(const std::vector<std::string>& rungs, bool damaged) {
  std::string json = R"({"frames":300,"duration_us":12000000,"decode_errors":0,"damaged":)";
  json += damaged ? "true" : "false";
  json += R"(,"renditions":[)";
  for (const std::string& rung : rungs) {
    json += (json.back() == '[' ? "" : ",");
    json += R"({"name":")" + rung +
            R"(","width":640,"height":360,"codecs":"avc1.4d401e,mp4a.40.2",)" +
            R"("fps":[25,1],"bandwidth":2000,"average_bandwidth":2000,"frames":300,"segments":3})";
  }
  return json + "]}";
}

reeld_status make(const reeld_call* call, const reeld_job& job, const reeld_job_sink& sink,
                  const std::string& conduct, reeld_error* error) {
  const std::vector<std::string> rungs = names(text(job.spec));
  for (const std::string& rung : rungs) {
    mkdirat(job.output_dir_fd, rung.c_str(), 0700);
  }
  for (unsigned index = 0; index < 3; ++index) {
    for (const std::string& rung : rungs) {
      if (reeld_cancelled(call)) {
        return fail(error, REELD_CANCELLED, "told to stop");
      }
      if (!makeSegment(job, sink, rung, index, conduct)) {
        return fail(error, REELD_INTERNAL, "cannot write a segment");
      }
    }
    sink.progress(sink.ctx, (index + 1) * 333);
    if (conduct == "crash-midway" && index == 1) {
      std::abort();
    }
    if (conduct == "pause-midway" && index == 1) {
      while (!reeld_cancelled(call)) {
        std::this_thread::yield();
        sink.progress(sink.ctx, 666);
        usleep(20'000);
      }
      return fail(error, REELD_CANCELLED, "told to stop");
    }
  }
  const std::string poster = "poster.jpg";
  const std::string report_name = "report.json";
  const std::string kinds[] = {"poster", "report"};
  if (!writeFile(job.output_dir_fd, poster, "jpeg") ||
      !writeFile(job.output_dir_fd, report_name, report(rungs, conduct == "damaged"))) {
    return fail(error, REELD_INTERNAL, "cannot write the report");
  }
  sink.artifact(sink.ctx, view(kinds[0]), view(poster));
  sink.artifact(sink.ctx, view(kinds[1]), view(report_name));
  return REELD_OK;
}

reeld_status misbehave(const reeld_call* call, const reeld_job& job, const reeld_job_sink& sink,
                       const std::string& conduct, reeld_error* error) {
  if (conduct == "segv") {
    raise(SIGSEGV);
  } else if (conduct == "forbidden") {
    syscall(SYS_swapoff, "x");
  } else if (conduct == "hang") {
    for (;;) {
      pause();
    }
  } else if (conduct == "deaf") {
    for (;;) {
      sink.progress(sink.ctx, 1);
      usleep(20'000);
    }
  } else if (conduct == "exit") {
    _exit(3);
  } else if (conduct == "escape") {
    const std::string path = "../../etc/passwd";
    sink.artifact(sink.ctx, view(std::string("poster")), view(path));
  } else if (conduct == "garbage") {
    [[maybe_unused]] const auto size = write(4, "}{\n", 3);
  } else if (conduct == "endless") {
    const std::string bytes(1 << 16, 'x');
    while (write(4, bytes.data(), bytes.size()) > 0) {
    }
  } else if (conduct == "memory") {
    std::vector<std::string> hoard;
    for (;;) {
      hoard.emplace_back(std::size_t{64} << 20, 'x');
    }
  } else if (conduct == "file") {
    const int fd = openat(job.output_dir_fd, "large", O_CREAT | O_WRONLY, 0600);
    const std::string bytes(1 << 20, 'x');
    while (write(fd, bytes.data(), bytes.size()) > 0) {
    }
  } else if (conduct == "network") {
    return fail(error, REELD_INVALID,
                socket(AF_INET, SOCK_STREAM, 0) < 0 ? "no network" : "network");
  } else if (conduct == "invalid") {
    return fail(error, REELD_INVALID, "the file holds no picture\x1b[31m at all");
  }
  return reeld_cancelled(call) ? REELD_CANCELLED : REELD_OK;
}

reeld_status run(void*, const reeld_call* call, const reeld_job* job, const reeld_job_sink* sink,
                 reeld_error* error) {
  const std::string spec = text(job->spec);
  const std::string key = "\"preset\":\"";
  const auto at = spec.find(key);
  const auto start = at == std::string::npos ? 0 : at + key.size();
  const std::string conduct = spec.substr(start, spec.find('"', start) - start);
  const bool makes = conduct == "good" || conduct == "damaged" || conduct == "crash-midway" ||
                     conduct == "pause-midway" || conduct == "no-idr" || conduct == "lost-picture";
  return makes ? make(call, *job, *sink, conduct, error)
               : misbehave(call, *job, *sink, conduct, error);
}

/// The source's first bytes choose the answer.
reeld_status probe(void*, const reeld_call*, int32_t fd, const reeld_sink* sink,
                   reeld_error* error) {
  char first[16] = {};
  if (pread(fd, first, sizeof first - 1, 0) <= 0) {
    return fail(error, REELD_INVALID, "the file is empty");
  }
  if (std::strncmp(first, "crash", 5) == 0) {
    std::abort();
  }
  if (std::strncmp(first, "text", 4) == 0) {
    return fail(error, REELD_INVALID, "the file is no video: it cannot be recognised");
  }
  const std::string json =
      R"({"format":"mov","duration_ms":12000,"size_bytes":4,"video":{"stream":0,"codec":"h264",)"
      R"("display_width":640,"display_height":360,"fps":[25,1],"frames":300},"audio":[],"subtitles":[]})";
  sink->value(sink->ctx, {reinterpret_cast<const uint8_t*>(json.data()), json.size()}, 0);
  return REELD_OK;
}

reeld_status create(const reeld_host* host, reeld_str, void** self, reeld_error*) {
  *self = const_cast<reeld_host*>(host);
  return REELD_OK;
}
void destroy(void*) {}

const reeld_encoder Table = {sizeof(reeld_encoder), 0, probe, run};
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
