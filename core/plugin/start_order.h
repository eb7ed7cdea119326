// In which order instances are created and started: what `after` of their plugins asks for, and
// apart from that the configured order.
#pragma once
#include <string>
#include <vector>

namespace reeld::plugin {

struct OrderedInstance {
  std::string name;
  std::string id;                  ///< of its plugin
  std::vector<std::string> after;  ///< ids; one that is not there is no condition
};

/// Indexes into `instances`. Throws Error INVALID that names a cycle.
std::vector<std::size_t> startOrder(const std::vector<OrderedInstance>& instances);

}  // namespace reeld::plugin
