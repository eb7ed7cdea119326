#include "base/sorted_json.h"

#include <algorithm>

namespace reeld {

namespace {

Json sorted(const Json& value) {
  if (value.isArray()) {
    Json::Array items;
    for (const Json& item : value.array()) {
      items.push_back(sorted(item));
    }
    return items;
  }
  if (value.isObject()) {
    Json::Object members;
    for (const auto& [name, member] : value.object()) {
      members.emplace_back(name, sorted(member));
    }
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return members;
  }
  return value;
}

}  // namespace

std::string sortedText(const Json& value) { return sorted(value).dump(); }

}  // namespace reeld
