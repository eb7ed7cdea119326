#include "config/yaml.h"

#include "base/json_schema.h"
#include "config/unreadable.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

namespace reeld::config {

namespace {

// An alias may name the node it stands in, or fold a bomb; no honest configuration comes near
// these.
constexpr int MaxDepth = 32;
constexpr std::size_t MaxNodes = 100'000;
constexpr std::streamoff MaxFileBytes = 4 << 20;

class Converter {
 public:
  Converter(std::string source, const Origin* fixed, Faults& faults)
      : source_(std::move(source)), fixed_(fixed), faults_(faults) {}

  Node convert(const YAML::Node& yaml, const std::string& pointer, int depth) {
    Node node;
    node.origin = origin(yaml.Mark());
    if (depth > MaxDepth || ++nodes_ > MaxNodes) {
      if (!too_large_) {
        faults_.push_back({node.origin, pointer, "is nested too deeply or refers to itself"});
      }
      too_large_ = true;
      return node;
    }
    switch (yaml.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        // yaml-cpp gives the tag "!" to what was quoted and "?" to what was not.
        node = Node::scalar(yaml.Scalar(), yaml.Tag() != "?", node.origin);
        break;
      case YAML::NodeType::Sequence:
        node.kind = Node::Kind::List;
        for (const auto& item : yaml) {
          node.items.push_back(
              convert(item, pointer + "/" + std::to_string(node.items.size()), depth + 1));
        }
        break;
      case YAML::NodeType::Map:
        node.kind = Node::Kind::Map;
        for (const auto& entry : yaml) {
          addEntry(node, entry.first, entry.second, pointer, depth);
        }
        break;
    }
    return node;
  }

 private:
  void addEntry(Node& map, const YAML::Node& key, const YAML::Node& value,
                const std::string& pointer, int depth) {
    const Origin at = origin(key.Mark());
    if (!key.IsScalar()) {
      faults_.push_back({at, pointer, "a key must be a word"});
      return;
    }
    const std::string here = pointerTo(pointer, key.Scalar());
    if (const Entry* first = map.find(key.Scalar())) {
      faults_.push_back(
          {at, here,
           "is there twice" + (first->at.line > 0
                                   ? " (first in line " + std::to_string(first->at.line) + ")"
                                   : std::string())});
      return;
    }
    Node converted = convert(value, here, depth + 1);
    if (converted.isNull()) {
      converted.origin = at;  // yaml-cpp places an absent value nowhere
    }
    map.entries.push_back({key.Scalar(), at, std::move(converted)});
  }

  Origin origin(const YAML::Mark& mark) const {
    if (fixed_ != nullptr) {
      return *fixed_;
    }
    return mark.is_null() ? Origin{source_, 1, 1} : Origin{source_, mark.line + 1, mark.column + 1};
  }

  std::string source_;
  const Origin* fixed_;
  Faults& faults_;
  std::size_t nodes_ = 0;
  bool too_large_ = false;
};

/// Notes where a second document begins that holds anything. YAML::LoadAll would say so as well,
/// but before some characters (",x") the parser stands still, and it makes documents of nothing
/// until memory ends.
class Documents final : public YAML::EventHandler {
 public:
  static std::optional<YAML::Mark> second(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Documents documents;
    while (!documents.second_ && parser.HandleNextDocument(documents)) {
    }
    return documents.second_;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++count_ > 1 && mark.pos == start_) {
      throw YAML::ParserException(mark, "unexpected character");
    }
    start_ = mark.pos;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { holds(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string&) override {
    holds(mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    holds(mark);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    holds(mark);
  }
  void OnMapEnd() override {}

 private:
  void holds(const YAML::Mark& mark) {
    if (count_ > 1 && !second_) {
      second_ = mark;
    }
  }

  int count_ = 0;
  int start_ = 0;
  std::optional<YAML::Mark> second_;
};

/// YAML's own message about a tab says nothing of tabs.
std::string tabHint(const std::string& text, int line) {
  std::istringstream lines(text);
  std::string found;
  for (int i = 0; i < line && std::getline(lines, found); ++i) {
  }
  const auto indent = found.substr(0, found.find_first_not_of(" \t"));
  return indent.find('\t') == std::string::npos ? "" : " (indent with spaces, not tabs)";
}

Node parseDocument(const std::string& text, const std::string& source, const Origin* fixed,
                   const std::string& pointer, Faults& faults) {
  try {
    if (const auto second = Documents::second(text)) {
      faults.push_back(
          {fixed != nullptr ? *fixed : Origin{source, std::max(1, second->line + 1), 1}, pointer,
           "a second document begins here; one is allowed"});
    }
    return Converter(source, fixed, faults).convert(YAML::Load(text), pointer, 0);
  } catch (const YAML::Exception& error) {
    Origin at = fixed != nullptr ? *fixed : Origin{source, 1, 1};
    if (fixed == nullptr && !error.mark.is_null()) {
      at = {source, error.mark.line + 1, error.mark.column + 1};
    }
    faults.push_back({at, pointer, "not valid YAML: " + error.msg + tabHint(text, at.line)});
    return {};
  }
}

}  // namespace

Node parseYaml(const std::string& text, const std::string& source, Faults& faults) {
  if (const auto nul = text.find('\0'); nul != std::string::npos) {
    faults.push_back({{source, 1, 1}, "", "not valid YAML: NUL byte"});
    return {};
  }
  return parseDocument(text, source, nullptr, "", faults);
}

Node readYamlFile(const std::string& path, Faults& faults) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_regular_file(status) &&
      (status.permissions() & fs::perms::others_write) != fs::perms::none) {
    faults.push_back({{path, 0, 0}, "", "may be written by everybody: chmod o-w " + path});
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) {
    text << file.rdbuf();
  }
  // A folder opens but cannot be read.
  if (!file || file.bad() || (text.fail() && errno != 0)) {
    faults.push_back({{path, 0, 0}, "", unreadable(path, errno)});
    return {};
  }
  if (text.tellp() > MaxFileBytes) {
    faults.push_back({{path, 0, 0}, "", "is larger than 4 MiB"});
    return {};
  }
  return parseYaml(text.str(), path, faults);
}

Node parseYamlValue(const std::string& text, const Origin& origin, const std::string& pointer,
                    Faults& faults) {
  return parseDocument(text, origin.source, &origin, pointer, faults);
}

}  // namespace reeld::config
