// What every task of the scripted encoder does: reads its spec as text, writes files, reports.
#pragma once
#include <reeld/kind/encoder.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace scripted {

inline std::string text(reeld_str value) { return {value.data, value.size}; }
inline reeld_str view(const std::string& value) { return {value.data(), value.size()}; }

inline reeld_status fail(reeld_error* error, reeld_status status, const char* message) {
  std::snprintf(error->message, sizeof error->message, "%s", message);
  return status;
}

/// Every value of "name":"...".
inline std::vector<std::string> names(const std::string& spec) {
  std::vector<std::string> found;
  const std::string key = "\"name\":\"";
  for (auto at = spec.find(key); at != std::string::npos; at = spec.find(key, at + 1)) {
    const auto start = at + key.size();
    found.push_back(spec.substr(start, spec.find('"', start) - start));
  }
  return found;
}

/// The number behind "key":, or what to take if there is none.
inline std::int64_t number(const std::string& spec, const std::string& key,
                           std::int64_t otherwise) {
  const std::string name = "\"" + key + "\":";
  const auto at = spec.find(name);
  const char* text = at == std::string::npos ? "" : spec.c_str() + at + name.size();
  return *text >= '0' && *text <= '9' ? std::strtoll(text, nullptr, 10) : otherwise;
}

inline bool writeFile(int folder, const std::string& path, const std::string& content) {
  const int fd = openat(folder, path.c_str(), O_CREAT | O_WRONLY | O_EXCL, 0600);
  const bool ok =
      fd >= 0 && write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  close(fd);
  return ok;
}

/// The last of a task: its report.
inline reeld_status finish(const reeld_job& job, const reeld_job_sink& sink,
                           const std::string& text, reeld_error* error) {
  const std::string kind = "report";
  const std::string path = "report.json";
  if (!writeFile(job.output_dir_fd, path, text)) {
    return fail(error, REELD_INTERNAL, "cannot write the report");
  }
  sink.artifact(sink.ctx, view(kind), view(path));
  return REELD_OK;
}

}  // namespace scripted
