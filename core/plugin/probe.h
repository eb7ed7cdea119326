// Looks at a plugin without letting it into the daemon: a child process (reeld-worker --probe FILE)
// opens it, accepts or refuses its descriptor, and says so as JSON. A plugin that crashes or hangs
// while loading costs the child and becomes a sentence.
#pragma once
#include "plugin/descriptor.h"

#include <chrono>
#include <string>
#include <variant>

namespace reeld::plugin {

using ProbeResult = std::variant<Descriptor, Refusal>;

class Prober {
 public:
  /// `worker` is the absolute path of reeld-worker.
  explicit Prober(std::string worker, std::chrono::milliseconds patience = std::chrono::seconds(5))
      : worker_(std::move(worker)), patience_(patience) {}

  /// Any thread; blocks until the child is gone. Throws Error INTERNAL if it cannot be started.
  ProbeResult probe(const std::string& absolute_path) const;

 private:
  std::string worker_;
  std::chrono::milliseconds patience_;
};

}  // namespace reeld::plugin
