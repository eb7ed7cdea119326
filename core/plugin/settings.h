// What the plugin host is told: the instances of the configuration, and limits.
#pragma once
#include "base/json.h"
#include "base/json_schema.h"

#include <chrono>
#include <string>
#include <vector>

namespace reeld::plugin {

/// One entry of `plugins:`.
struct InstanceSettings {
  std::string name;      ///< [a-z][a-z0-9-]{0,39}
  std::string use;       ///< the same form: file name without .so
  bool required = true;  ///< false: kept with its reason if it fails, and the daemon goes on
  Json config;           ///< null = none given
  std::vector<LooseText> loose = {};  ///< values in it that came as text; the schema types them
  bool hasSameConfig(const InstanceSettings& other) const {
    return config.dump() == other.config.dump() && loose == other.loose;
  }
};

struct CallLimits {
  int max_concurrent = 32;  ///< calls of one instance at once; beyond it EXHAUSTED
  std::chrono::milliseconds deadline{10'000};
  int overruns_to_suspend = 5;                      ///< late calls in a row
  std::chrono::milliseconds health_interval{1000};  ///< how often a suspended instance is asked
};

}  // namespace reeld::plugin
