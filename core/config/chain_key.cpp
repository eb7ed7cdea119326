#include "config/chain_key.h"

#include "base/suggestion.h"
#include "config/text_checks.h"

#include <algorithm>

namespace reeld::config {

namespace {

const std::vector<std::string>& groups() {
  static const std::vector<std::string> all(RouteGroups.begin(), RouteGroups.end());
  return all;
}

std::string withCommas(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

/// False after a complaint.
bool readName(const Node& node, std::string& to, Complaints complaints) {
  const auto given = scalarText(node, complaints);
  if (!given) {
    return false;
  }
  if (const std::string complaint = instanceName(*given); !complaint.empty()) {
    complaints.add(node, complaint);
    return false;
  }
  to = *given;
  return true;
}

bool readGroups(const Node& node, std::vector<std::string>& to, Complaints complaints) {
  if (!node.isList() || node.items.empty()) {
    complaints.add(node, "must be a list of groups of routes: " + withCommas(groups()));
    return false;
  }
  for (const Node& item : node.items) {
    const auto given = scalarText(item, complaints);
    if (given && std::find(groups().begin(), groups().end(), *given) == groups().end()) {
      complaints.add(item, "is no group of routes (got \"" + *given + "\")" +
                               didYouMean(*given, groups()) + "; there are " +
                               withCommas(groups()));
      return false;
    }
    if (!given) {
      return false;
    }
    to.push_back(*given);
  }
  return true;
}

bool readPlace(const Node& node, InterceptorSettings& to, Complaints complaints) {
  if (node.isScalar()) {
    return readName(node, to.name, complaints);
  }
  if (!node.isMap()) {
    complaints.add(node, "must be an instance, or a map such as {name: NAME, exclude: [media]}");
    return false;
  }
  bool is_good = true;
  for (const auto& part : node.entries) {
    if (part.key == "name") {
      is_good = readName(part.value, to.name, complaints) && is_good;
    } else if (part.key == "include") {
      is_good = readGroups(part.value, to.include, complaints) && is_good;
    } else if (part.key == "exclude") {
      is_good = readGroups(part.value, to.exclude, complaints) && is_good;
    } else {
      complaints.add(node, "has an unknown key \"" + part.key + "\"" +
                               didYouMean(part.key, {"name", "include", "exclude"}));
      return false;
    }
  }
  if (is_good && to.name.empty()) {
    complaints.add(node, "must name an instance: {name: NAME, ...}");
    return false;
  }
  return is_good;
}

Json printed(const InterceptorSettings& place) {
  if (place.include.empty() && place.exclude.empty()) {
    return place.name;
  }
  Json map = Json::Object{{"name", place.name}};
  for (const auto& [key, words] :
       {std::pair{"include", &place.include}, {"exclude", &place.exclude}}) {
    if (!words->empty()) {
      map.set(key, Json::Array(words->begin(), words->end()));
    }
  }
  return map;
}

}  // namespace

Key chain(std::string name, Field<std::vector<InterceptorSettings>> field) {
  Key key;
  key.name = std::move(name);
  key.is_list = true;
  key.assign = [field](const Node& node, Settings& to, Complaints complaints) {
    if (!node.isList()) {
      complaints.add(node, "must be a list, such as [a, b]");
      return;
    }
    std::vector<InterceptorSettings> places;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      InterceptorSettings place;
      if (!readPlace(node.items[i], place, complaints.item(i))) {
        continue;
      }
      if (std::any_of(places.begin(), places.end(),
                      [&](const auto& other) { return other.name == place.name; })) {
        complaints.item(i).add(node.items[i], "names " + place.name + " twice");
        continue;
      }
      places.push_back(std::move(place));
    }
    if (places.size() == node.items.size()) {
      field(to) = std::move(places);
    }
  };
  key.print = [field](const Settings& from) {
    Json::Array places;
    for (const auto& place : field(const_cast<Settings&>(from))) {
      places.push_back(printed(place));
    }
    return Json(std::move(places));
  };
  return key;
}

}  // namespace reeld::config
