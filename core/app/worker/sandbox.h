// The sandbox of the child, layer by layer, in the one order that works: what must precede threads
// and libraries first (prepare), what would keep a library from loading last (enter). Mandatory:
// limits, no_new_privs, the system call filter. Best effort, and reported: Landlock, namespaces,
// the root directory.
#pragma once
#include "base/json.h"
#include "processing/worker_order.h"

#include <string>
#include <vector>

namespace reeld::app::worker {

class Sandbox {
 public:
  Sandbox(processing::SandboxMode mode, const processing::WorkerLimits& limits) noexcept
      : mode_(mode), limits_(limits) {}

  /// Before the plugin is loaded. Throws Error CANCELLED if the parent is gone.
  void prepare(long parent);
  /// After it is loaded: from here on only the open descriptors and the directory exist.
  /// Throws Error UNSUPPORTED in mode `required` if a mandatory layer cannot be had.
  void enter(int output_fd);

  /// Landlock or the root directory keeps everything but the output folder out of reach.
  bool confinesFiles() const noexcept { return landlock_ > 0 || has_root_; }
  /// Which layers are active.
  Json report() const;
  /// Why those are not that could not be had: a sentence by the layer's name.
  const Json& refusals() const noexcept { return refusals_; }

 private:
  void demand(const std::string& layer, const std::string& problem) const;
  void noteRefusal(const char* layer, bool is_active, int problem);

  processing::SandboxMode mode_;
  processing::WorkerLimits limits_;
  Json refusals_ = Json::Object{};
  std::vector<std::string> namespaces_;
  bool has_limits_ = false;
  bool has_no_new_privileges_ = false;
  bool has_root_ = false;
  bool has_no_capabilities_ = false;
  bool has_filter_ = false;
  int landlock_ = 0;
};

}  // namespace reeld::app::worker
