#include "config/overrides.h"

#include "base/json_schema.h"
#include "config/keys.h"
#include "config/yaml.h"

#include <algorithm>
#include <cctype>

namespace reeld::config {

namespace {

using Path = std::vector<std::string>;
constexpr std::string_view Prefix = "REELD__";

std::string pointerOf(const Path& path) {
  std::string pointer;
  for (const auto& step : path) {
    pointer = pointerTo(pointer, step);
  }
  return pointer;
}

std::string nameOf(const Path& path) {
  std::string name;
  for (const auto& step : path) {
    name += (name.empty() ? "" : ".") + step;
  }
  return name;
}

Path split(const std::string& text, const std::string& separator) {
  Path path;
  std::size_t begin = 0;
  for (auto end = text.find(separator); end != std::string::npos;
       end = text.find(separator, begin)) {
    path.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  path.push_back(text.substr(begin));
  return path;
}

std::string trimmed(std::string text) {
  const auto blank = [](unsigned char c) { return c == ' ' || c == '\t'; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
  return text;
}

Node listOf(const std::string& text, const Origin& origin, const std::string& pointer,
            Faults& faults) {
  const std::string value = trimmed(text);
  if (value.starts_with('[')) {
    return parseYamlValue(value, origin, pointer, faults);
  }
  Node list;
  list.kind = Node::Kind::List;
  list.origin = origin;
  for (const auto& item : value.empty() ? Path() : split(value, ",")) {
    list.items.push_back(Node::scalar(trimmed(item), true, origin));
  }
  return list;
}

/// A value whose type nobody here knows: YAML flow where it looks like it, else one loose scalar,
/// which the plugin's schema gives its type.
Node freeValue(const std::string& text, const Origin& origin, const std::string& pointer,
               Faults& faults) {
  const bool structured = text.find_first_of("[{\"'") == 0;
  if (structured) {
    return parseYamlValue(text, origin, pointer, faults);
  }
  Node scalar = Node::scalar(text, false, origin);
  scalar.loose = true;
  return scalar;
}

Node valueFor(const Path& path, const std::string& text, const Origin& origin, Faults& faults) {
  const std::string pointer = pointerOf(path);
  const std::string name = nameOf(path);
  if (const Key* key = findKey(name)) {
    return key->is_list ? listOf(text, origin, pointer, faults) : Node::scalar(text, true, origin);
  }
  if (isSection(name) ||
      (path[0] == "plugins" && (path.size() < 3 || (path.size() == 3 && path[2] == "config")))) {
    return parseYamlValue(text, origin, pointer, faults);
  }
  if (path[0] == "plugins" && path.size() > 3) {
    return freeValue(text, origin, pointer, faults);
  }
  return Node::scalar(text, true, origin);
}

void lay(Node& tree, const Path& path, const std::string& text, const Origin& origin,
         Faults& faults) {
  const std::size_t faults_before = faults.size();
  Node over = valueFor(path, text, origin, faults);
  if (faults.size() > faults_before) {
    return;  // one message is enough
  }
  for (auto step = path.rbegin(); step != path.rend(); ++step) {
    Node map = Node::map(origin);
    map.entries.push_back({*step, origin, std::move(over)});
    over = std::move(map);
  }
  merge(tree, over);
}

bool sameName(const std::string& a, const std::string& b) {
  const auto folded = [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::tolower(c));
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
    return folded(static_cast<unsigned char>(x)) == folded(static_cast<unsigned char>(y));
  });
}

/// The path a variable means: names of keys in lower case, instances with '-', and below a plugin's
/// config whatever spelling the files use already.
Path pathOfVariable(const Node& tree, const std::string& name) {
  Path path = split(name.substr(Prefix.size()), "__");
  const Node* level = &tree;
  for (std::size_t i = 0; i < path.size(); ++i) {
    std::string& step = path[i];
    std::transform(step.begin(), step.end(), step.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool below_plugins = i > 0 && path[0] == "plugins";
    if (below_plugins && i == 1) {
      std::replace(step.begin(), step.end(), '_', '-');
    }
    const Entry* written = nullptr;
    if (level != nullptr) {
      for (const auto& entry : level->entries) {
        written = sameName(entry.key, step) ? &entry : written;
      }
    }
    if (below_plugins && i > 2 && written != nullptr) {
      step = written->key;
    }
    level = written == nullptr ? nullptr : &written->value;
  }
  return path;
}

bool complete(const Path& path, const Origin& origin, Faults& faults) {
  const bool good =
      std::none_of(path.begin(), path.end(), [](const auto& step) { return step.empty(); });
  if (!good) {
    faults.push_back({origin, "", "has an empty name in it"});
  }
  return good;
}

}  // namespace

Environment reeldVariables(char** environ) {
  Environment found;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const auto equals = text.find('=');
    if (text.starts_with(Prefix) && equals != std::string::npos) {
      found.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  // The order of environ is nobody's choice; shorter names first, so that A is laid before A__B.
  std::sort(found.begin(), found.end());
  return found;
}

void applyEnvironment(Node& tree, const Environment& variables, Faults& faults) {
  for (const auto& [name, value] : variables) {
    const Origin origin{name, 0, 0};
    const Path path = pathOfVariable(tree, name);
    if (complete(path, origin, faults)) {
      lay(tree, path, value, origin, faults);
    }
  }
}

void applyAssignments(Node& tree, const std::vector<std::string>& assignments, Faults& faults) {
  for (const auto& assignment : assignments) {
    const auto equals = assignment.find('=');
    const std::string name = trimmed(assignment.substr(0, equals));
    const Origin origin{"--set " + name, 0, 0};
    if (equals == std::string::npos) {
      faults.push_back({origin, "", "must be NAME=VALUE, such as log.level=debug"});
      continue;
    }
    const Path path = split(name, ".");
    if (complete(path, origin, faults)) {
      lay(tree, path, assignment.substr(equals + 1), origin, faults);
    }
  }
}

}  // namespace reeld::config
