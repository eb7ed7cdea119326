// The effective configuration for people and tools: every value, where it comes from, secrets
// masked.
#pragma once
#include "base/json.h"
#include "config/load.h"

#include <string>
#include <string_view>

namespace reeld::config {

/// As YAML that can be read back, the origin as a comment behind each value.
std::string printConfig(const Loaded& loaded);

/// [{"key": "http.listen", "value": ..., "origin": "default"}]; plugins one by one, part by part.
Json configAsJson(const Loaded& loaded);

/// etc/reeld.yaml as it was when this program was built: every key, its default and a sentence.
std::string_view defaultConfig();

}  // namespace reeld::config
