#include "config/print.h"

#include "config/keys.h"
#include "config/mask.h"

#include <algorithm>
#include <cctype>

namespace reeld::config {

namespace {

struct Line {
  std::vector<std::string> path;
  Json value;
  std::string origin;
};
using Lines = std::vector<Line>;

const Node* written(const Node& tree, const std::vector<std::string>& path) {
  const Node* node = &tree;
  for (const auto& step : path) {
    const Entry* entry = node->find(step);
    if (entry == nullptr) {
      return nullptr;
    }
    node = &entry->value;
  }
  return node;
}

std::string originText(const Node& tree, const std::vector<std::string>& path) {
  const Node* node = written(tree, path);
  return node == nullptr ? "default" : node->origin.text();
}

Json masked(const std::string& name, const Json& value) {
  if (isSecretName(name) && !value.isNull()) {
    return "***";
  }
  if (value.isString()) {
    return maskUrl(value.text());
  }
  if (value.isArray()) {
    Json::Array items;
    for (const auto& item : value.array()) {
      items.push_back(masked("", item));
    }
    return items;
  }
  if (value.isObject()) {
    Json::Object members;
    for (const auto& [key, member] : value.object()) {
      members.emplace_back(key, masked(key, member));
    }
    return members;
  }
  return value;
}

void addConfig(const Node& tree, std::vector<std::string> path, const Json& value, Lines& lines) {
  if (value.isObject() && !value.object().empty() && !isSecretName(path.back())) {
    for (const auto& [key, member] : value.object()) {
      auto deeper = path;
      deeper.push_back(key);
      addConfig(tree, std::move(deeper), member, lines);
    }
    return;
  }
  const std::string origin = originText(tree, path);
  const std::string name = path.back();
  lines.push_back({std::move(path), masked(name, value), origin});
}

void addPlugins(const Loaded& loaded, Lines& lines) {
  for (const auto& plugin : loaded.settings.plugins) {
    const std::vector<std::string> base = {"plugins", plugin.name};
    const auto add = [&](const std::string& part, const Json& value) {
      auto path = base;
      path.push_back(part);
      const std::string origin = originText(loaded.tree, path);
      lines.push_back({std::move(path), value, origin});
    };
    add("use", plugin.use);
    add("required", plugin.required);
    if (!plugin.mount.empty()) {
      add("mount", plugin.mount);
    }
    if (plugin.access != "user") {
      add("access", plugin.access);
    }
    if (!plugin.config.isNull()) {
      auto path = base;
      path.emplace_back("config");
      addConfig(loaded.tree, std::move(path), plugin.config, lines);
    }
  }
  // A default instance that was taken away: without this line the output would bring it back.
  for (const auto& plugin : Settings().plugins) {
    const Node* node = written(loaded.tree, {"plugins", plugin.name});
    if (node != nullptr && node->isNull()) {
      lines.push_back({{"plugins", plugin.name}, Json(), node->origin.text()});
    }
  }
}

std::vector<std::string> stepsOf(std::string_view name) {
  std::vector<std::string> steps;
  while (true) {
    const auto dot = name.find('.');
    steps.emplace_back(name.substr(0, dot));
    if (dot == std::string_view::npos) {
      return steps;
    }
    name.remove_prefix(dot + 1);
  }
}

Lines allLines(const Loaded& loaded) {
  Lines lines;
  bool plugins_done = false;
  for (const auto& key : allKeys()) {
    // The lists that name instances come behind the instances.
    if (key.name == "auth_providers" && !plugins_done) {
      addPlugins(loaded, lines);
      plugins_done = true;
    }
    std::vector<std::string> path = stepsOf(key.name);
    const std::string origin = originText(loaded.tree, path);
    lines.push_back({std::move(path), masked(key.name, key.print(loaded.settings)), origin});
  }
  return lines;
}

/// A word that YAML reads as text; anything else is quoted as in JSON, which YAML understands.
std::string yamlScalar(const Json& value) {
  if (!value.isString()) {
    return value.isNull() ? "null" : value.dump();
  }
  const std::string& text = value.text();
  const bool word = !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
                    std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
                    });
  static const std::vector<std::string> Special = {"null", "true", "false", "yes", "no", "on",
                                                   "off",  "y",    "n",     "inf", "nan"};
  const bool special = std::find(Special.begin(), Special.end(), text) != Special.end();
  return (word && !special) ||
                 (text.starts_with('/') && text.find_first_of(" #:,[]{}\"'") == std::string::npos)
             ? text
             : value.dump();
}

std::string yamlValue(const Json& value) {
  if (value.isArray()) {
    std::string text = "[";
    for (const auto& item : value.array()) {
      text += (text.size() > 1 ? ", " : "") + yamlValue(item);
    }
    return text + "]";
  }
  return value.isObject() ? value.dump() : yamlScalar(value);
}

}  // namespace

std::string printConfig(const Loaded& loaded) {
  constexpr std::size_t CommentColumn = 56;
  std::string out = "# The effective configuration; behind each value, where it was set.\n";
  std::vector<std::string> open;
  for (const auto& line : allLines(loaded)) {
    const std::size_t last = line.path.size() - 1;
    std::size_t same = 0;
    while (same < last && same < open.size() && open[same] == line.path[same]) {
      ++same;
    }
    open.resize(same);
    for (; same < last; ++same) {
      out += std::string(2 * same, ' ') + yamlScalar(line.path[same]) + ":\n";
      open.push_back(line.path[same]);
    }
    std::string text =
        std::string(2 * last, ' ') + yamlScalar(line.path[last]) + ": " + yamlValue(line.value);
    text.resize(std::max(text.size() + 2, CommentColumn), ' ');
    out += text + "# " + line.origin + "\n";
  }
  return out;
}

Json configAsJson(const Loaded& loaded) {
  Json::Array rows;
  for (const auto& line : allLines(loaded)) {
    std::string name;
    for (const auto& step : line.path) {
      name += (name.empty() ? "" : ".") + step;
    }
    rows.push_back(Json::Object{{"key", name}, {"value", line.value}, {"origin", line.origin}});
  }
  return rows;
}

}  // namespace reeld::config
