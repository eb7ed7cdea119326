#include "catalog/tags.h"

#include "base/json.h"
#include "base/unicode.h"
#include "base/utf8.h"

#include <algorithm>
#include <set>

namespace reeld::catalog {

namespace {

constexpr std::size_t MostTags = 20;
constexpr std::size_t LongestTag = 50;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool hasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

}  // namespace

Tags tidied(const Tags& tags) {
  Tags kept;
  std::set<std::string> seen;
  for (const std::string& tag : tags) {
    std::string text(trimmed(tag));
    if (!text.empty() && seen.insert(folded(text)).second) {
      kept.push_back(std::move(text));
    }
  }
  return kept;
}

void checkTags(std::vector<Violation>& violations, const Tags& tags) {
  if (tags.size() > MostTags) {
    violations.push_back({"/tags", "must be at most " + std::to_string(MostTags)});
    return;
  }
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto length = utf8Length(tags[i]);
    if (!length || hasControl(tags[i])) {
      violations.push_back(
          {"/tags/" + std::to_string(i), "must be UTF-8 without control characters"});
    } else if (*length > LongestTag) {
      violations.push_back({"/tags/" + std::to_string(i),
                            "must have at most " + std::to_string(LongestTag) + " characters"});
    }
  }
}

Tags splitTags(std::string_view commas) {
  Tags tags;
  while (!commas.empty()) {
    const auto comma = commas.find(',');
    tags.emplace_back(commas.substr(0, comma));
    commas = comma == std::string_view::npos ? std::string_view() : commas.substr(comma + 1);
  }
  return tags;
}

std::string printTags(const Tags& tags) {
  JsonWriter json;
  json.beginArray();
  for (const std::string& tag : tags) {
    json.value(tag);
  }
  json.endArray();
  return json.take();
}

Tags parseTags(std::string_view json) {
  Tags tags;
  if (json == "[]") {  // most videos have none: nothing to parse in a list of them
    return tags;
  }
  const Json list = Json::parse(json);
  for (const Json& tag : list.array()) {
    tags.push_back(tag.text());
  }
  return tags;
}

}  // namespace reeld::catalog
