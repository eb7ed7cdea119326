// Everything that is known of a plugin before the daemon opens it: found by name in the plugin
// folders, trusted, probed in a child, its configuration held against its schema. `plugins check`
// stops here, start-up goes on from here; so both say the same.
#pragma once
#include "plugin/descriptor.h"
#include "plugin/probe.h"
#include "plugin/settings.h"

#include <sys/types.h>

#include <string>
#include <variant>
#include <vector>

namespace reeld::plugin {

struct Candidate {
  std::string path;  ///< absolute, without links
  Descriptor descriptor;
  std::string config;  ///< JSON with defaults, as create() gets it
};

using Inspection = std::variant<Candidate, Refusal>;

class Inspector {
 public:
  /// `own` is the daemon's user, which may own plugins beside root.
  Inspector(std::vector<std::string> plugin_dirs, Prober prober, uid_t own);

  Inspection inspect(const InstanceSettings& settings) const;
  /// A file by its path, for `plugins check FILE`; its configuration is not known.
  std::variant<Descriptor, Refusal> inspectFile(const std::string& path) const;

 private:
  std::variant<std::string, Refusal> locate(const std::string& use) const;

  std::vector<std::string> plugin_dirs_;
  Prober prober_;
  uid_t own_;
};

/// The configuration as the plugin gets it, or every fault of it.
std::variant<std::string, Refusal> effectiveConfig(const Descriptor& descriptor,
                                                   const InstanceSettings& settings);

}  // namespace reeld::plugin
