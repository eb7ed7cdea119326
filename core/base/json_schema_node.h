// The inside of JsonSchema: one node per schema, as the reader makes it and the checker walks it.
#pragma once
#include "base/json_schema.h"

#include <optional>
#include <regex>

namespace reeld {

struct JsonSchema::Node {
  std::vector<std::string> types;
  std::vector<std::pair<std::string, Node>> properties;
  std::vector<std::string> required;
  bool closed = false;               ///< additionalProperties: false
  std::unique_ptr<Node> additional;  ///< additionalProperties: {...}
  std::unique_ptr<Node> items;
  std::optional<Json::Array> allowed;  ///< enum, or const as an enum of one
  std::optional<double> minimum, maximum, above, below;
  std::optional<std::int64_t> min_length, max_length, min_items, max_items;
  std::string pattern_text;
  std::optional<std::regex> pattern;
  bool unique_items = false;
  bool write_only = false;
  std::optional<Json> fallback;

  const Node* property(std::string_view name) const {
    for (const auto& [key, node] : properties) {
      if (key == name) {
        return &node;
      }
    }
    return nullptr;
  }
};

namespace schema {

/// Throws Error INVALID naming every fault of the schema.
JsonSchema::Node read(const Json& schema);
/// As JSON has it: 2 and 2.0 are the same number, and both are integers.
bool equal(const Json& a, const Json& b);
bool isOfType(const Json& value, const std::string& type);
/// "a, b or c"
std::string listed(const std::vector<std::string>& words);

}  // namespace schema
}  // namespace reeld
