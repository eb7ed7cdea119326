// A plugin's descriptor: whether it is acceptable, and what it says, as a value that can be kept
// and sent from the probing child to the daemon as JSON.
#pragma once
#include "base/json.h"
#include "plugin/refusal.h"

#include <reeld/plugin.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::plugin {

struct Descriptor {
  std::string id;
  std::string version;
  std::string name;
  std::string vendor;
  std::string license;
  std::uint16_t abi_major = 0;
  std::uint16_t need_minor = 0;
  std::optional<std::string> config_schema;
  std::vector<std::string> after;    ///< ids that start earlier
  std::vector<std::string> kinds;    ///< "reeld.storage/1": what this host knows and will use
  std::vector<std::string> ignored;  ///< what it does not know

  bool offers(std::string_view kind) const;
};

/// In this order, the first fault: size, major, minor, id, interfaces, their functions, schema.
/// Reads the plugin's memory, so a wild pointer in it crashes: probe in a child first.
std::optional<Refusal> refuse(const reeld_plugin* plugin);

/// Of a descriptor that refuse() let pass.
Descriptor describe(const reeld_plugin* plugin);

/// The table of a kind, or nullptr.
const void* tableOf(const reeld_plugin* plugin, std::string_view kind);

Json toJson(const Descriptor& descriptor);
/// Throws Error INVALID for what is no descriptor.
Descriptor descriptorFrom(const Json& json);

}  // namespace reeld::plugin
