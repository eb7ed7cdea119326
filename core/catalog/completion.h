// The port through which the catalogue asks whether the work on a video is done: an administrator
// may push PROCESSING to READY by hand, but only what was verified.
#pragma once
#include "catalog/video_progress.h"

#include <optional>
#include <string>
#include <variant>

namespace reeld::catalog {

class Completion {
 public:
  virtual ~Completion() = default;
  /// What markReady() needs, or a sentence that says what is missing. May take a while: it looks at
  /// the stored objects. Called outside any transaction.
  virtual std::variant<Finished, std::string> verify(const Video& video) = 0;
};

}  // namespace reeld::catalog
