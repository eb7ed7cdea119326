// An encoder plugin opened in the child: the only process that maps one. The host it sees is small:
// the log, whose lines travel to the daemon; there is no database, no network and no folder to keep
// things in.
#pragma once
#include "app/worker/event_pipe.h"
#include "base/json.h"

#include <reeld/kind/encoder.h>

#include <memory>
#include <string>

namespace reeld::app::worker {

class EncoderPlugin {
 public:
  /// Loads and creates it. Throws Error UNSUPPORTED for a file that is no encoder plugin of this
  /// ABI. `cancelled` becomes non-zero when the work should stop.
  EncoderPlugin(const std::string& path, const std::string& instance, const std::string& config,
                EventPipe& events, const std::int32_t& cancelled);
  ~EncoderPlugin();
  EncoderPlugin(const EncoderPlugin&) = delete;
  EncoderPlugin& operator=(const EncoderPlugin&) = delete;

  /// Starts it, once the sandbox is entered: what is started meets the input.
  void start();
  /// Throws the plugin's Error.
  Json probe(int source_fd);
  /// Throws the plugin's Error; what it makes goes to the event pipe.
  void run(const reeld_job& job);

 private:
  struct Host;
  reeld_call call() const;

  std::unique_ptr<Host> host_;
  const std::int32_t& cancelled_;
  const reeld_plugin* plugin_ = nullptr;
  const reeld_encoder* encoder_ = nullptr;
  void* self_ = nullptr;
};

}  // namespace reeld::app::worker
