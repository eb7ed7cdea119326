// The port for who counts events and can be asked for it.
#pragma once
#include "base/json.h"

#include <string>

namespace reeld::analytics {

class ReportSource {
 public:
  virtual ~ReportSource() = default;
  /// Of the sink that counts, as the dispatcher knows it.
  virtual const std::string& name() const = 0;
  /// Throws Error: UNAVAILABLE, INVALID for params, NOT_FOUND for a report it does not have.
  virtual Json report(const std::string& report, const Json& params) = 0;
};

}  // namespace reeld::analytics
