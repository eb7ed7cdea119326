// The smallest host an encoder plugin can live in: opens the .so through the C ABI, runs it on a
// file in this process and collects what it tells. Shared by the bench's tool and the plugin's own
// tests; the real host, with its sandbox, is reeld-worker.
#pragma once
#include "processing/ladder.h"

#include <reeld/kind/encoder.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace reeld::bench {

struct Segment {
  std::string rendition;
  std::string path;
  std::uint32_t index = 0;
  std::int64_t start_us = 0;
  std::int64_t duration_us = 0;
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
  std::chrono::milliseconds after{0};  ///< since the run began
};

struct Outcome {
  reeld_status status = REELD_OK;
  std::string message;                 ///< if the status is not OK
  std::string facts;                   ///< of a probe
  std::vector<Segment> segments;       ///< in the order they came
  std::vector<std::string> artifacts;  ///< "poster", "report"
  std::vector<std::uint32_t> progress;
};

class PluginHost {
 public:
  /// Throws std::runtime_error if the file is no encoder plugin. log: libav's own lines go to
  /// stderr.
  explicit PluginHost(const std::string& plugin, bool log = false);
  ~PluginHost();
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  Outcome probe(const std::string& file) const;
  /// directory is made if it does not exist. on_segment may set cancel.
  Outcome run(const std::string& spec, const std::string& file, const std::string& directory,
              std::atomic<std::int32_t>* cancel = nullptr,
              const std::function<void(const Segment&)>& on_segment = {}) const;
  /// The same with sound that another task has made, a file.
  Outcome runWithSound(const std::string& spec, const std::string& file, const std::string& sound,
                       const std::string& directory) const;

 private:
  struct Order;
  Outcome run(const Order& order) const;

  reeld_host host_{};
  const reeld_plugin* plugin_ = nullptr;
  const reeld_encoder* encoder_ = nullptr;
  void* self_ = nullptr;
};

/// What the daemon would tell the encoder to make of a probed source. Throws Error for one it
/// refuses.
std::string specFor(const std::string& facts, const processing::LadderSettings& settings);

/// The same of a source whose top rung is copied: the task that copies it and makes the sound in
/// one part, then the one that makes the other rungs with it. Throws if it cannot be copied.
struct CopyTasks {
  std::string copy;
  std::string others;
};
CopyTasks copyTasksFor(const std::string& facts, const processing::LadderSettings& settings);

/// master.m3u8 and an index.m3u8 per rendition, from the segments and report.json.
void writePlaylists(const std::string& directory, const Outcome& outcome);

std::string readFile(const std::string& path);

}  // namespace reeld::bench
