#include "base/json_schema.h"

#include "base/json_schema_node.h"
#include "base/suggestion.h"

#include <algorithm>
#include <sstream>

namespace reeld {

namespace {

using schema::equal;
using schema::isOfType;
using schema::listed;
using Node = JsonSchema::Node;

// libstdc++'s matcher recurses once per character.
constexpr std::size_t LongestMatched = 4096;
constexpr std::size_t LongestShown = 60;

std::size_t codePoints(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string printed(double number) {
  std::ostringstream out;
  out.precision(15);
  out << number;
  return out.str();
}

std::string article(const std::string& type) {
  if (type == "boolean") {
    return "true or false";
  }
  if (type == "null") {
    return type;
  }
  return (type == "integer" || type == "array" || type == "object" ? "an " : "a ") + type;
}

class Checker {
 public:
  std::vector<Violation> run(const Node& node, const Json& value) {
    check(node, value, "");
    return std::move(violations_);
  }

 private:
  void add(const std::string& pointer, std::string message) {
    violations_.push_back({pointer.empty() ? "/" : pointer, std::move(message)});
  }

  static std::string got(const Node& node, const Json& value) {
    if (node.write_only || value.isArray() || value.isObject()) {
      return "";
    }
    const std::string text = value.dump();
    return text.size() > LongestShown ? "" : " (got " + text + ")";
  }

  void check(const Node& node, const Json& value, const std::string& at) {
    if (!node.types.empty() &&
        std::none_of(node.types.begin(), node.types.end(),
                     [&](const std::string& type) { return isOfType(value, type); })) {
      std::vector<std::string> words;
      std::transform(node.types.begin(), node.types.end(), std::back_inserter(words), article);
      add(at, "must be " + listed(words) + got(node, value));
      return;
    }
    if (node.allowed && std::none_of(node.allowed->begin(), node.allowed->end(),
                                     [&](const Json& one) { return equal(one, value); })) {
      choice(node, value, at);
    }
    if (value.isNumber()) {
      number(node, value, at);
    } else if (value.isString()) {
      text(node, value, at);
    } else if (value.isArray()) {
      array(node, value.array(), at);
    } else if (value.isObject()) {
      object(node, value, at);
    }
  }

  void choice(const Node& node, const Json& value, const std::string& at) {
    std::vector<std::string> shown;
    std::vector<std::string> words;
    for (const Json& one : *node.allowed) {
      shown.push_back(one.dump());
      if (one.isString()) {
        words.push_back(one.text());
      }
    }
    add(at, "must be " + listed(shown) + got(node, value) +
                (value.isString() ? didYouMean(value.text(), words) : ""));
  }

  void number(const Node& node, const Json& value, const std::string& at) {
    const double n = value.number();
    if (node.minimum && n < *node.minimum) {
      add(at, "must be at least " + printed(*node.minimum) + got(node, value));
    }
    if (node.maximum && n > *node.maximum) {
      add(at, "must be at most " + printed(*node.maximum) + got(node, value));
    }
    if (node.above && n <= *node.above) {
      add(at, "must be more than " + printed(*node.above) + got(node, value));
    }
    if (node.below && n >= *node.below) {
      add(at, "must be less than " + printed(*node.below) + got(node, value));
    }
  }

  void text(const Node& node, const Json& value, const std::string& at) {
    const auto length = static_cast<std::int64_t>(codePoints(value.text()));
    if (node.min_length && length < *node.min_length) {
      add(at, "must have at least " + std::to_string(*node.min_length) + " characters");
    }
    if (node.max_length && length > *node.max_length) {
      add(at, "must have at most " + std::to_string(*node.max_length) + " characters");
    }
    if (node.pattern &&
        (value.text().size() > LongestMatched || !std::regex_search(value.text(), *node.pattern))) {
      add(at, "must match " + node.pattern_text + got(node, value));
    }
  }

  void array(const Node& node, const Json::Array& values, const std::string& at) {
    const auto count = static_cast<std::int64_t>(values.size());
    if (node.min_items && count < *node.min_items) {
      add(at, "must have at least " + std::to_string(*node.min_items) + " items");
    }
    if (node.max_items && count > *node.max_items) {
      add(at, "must have at most " + std::to_string(*node.max_items) + " items");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string here = at + "/" + std::to_string(i);
      if (node.items) {
        check(*node.items, values[i], here);
      }
      if (node.unique_items &&
          std::any_of(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i),
                      [&](const Json& earlier) { return equal(earlier, values[i]); })) {
        add(here, "is there twice");
      }
    }
  }

  void object(const Node& node, const Json& value, const std::string& at) {
    for (const auto& name : node.required) {
      if (value.find(name) == nullptr) {
        add(pointerTo(at, name), "is required");
      }
    }
    for (const auto& [name, member] : value.object()) {
      const std::string here = pointerTo(at, name);
      if (const Node* known = node.property(name)) {
        check(*known, member, here);
      } else if (node.additional) {
        check(*node.additional, member, here);
      } else if (node.closed) {
        std::vector<std::string> names;
        for (const auto& property : node.properties) {
          names.push_back(property.first);
        }
        add(here, "is not a known key" + didYouMean(name, names));
      }
    }
  }

  std::vector<Violation> violations_;
};

bool hasDefault(const Node& node) {
  return node.fallback || std::any_of(node.properties.begin(), node.properties.end(),
                                      [](const auto& p) { return hasDefault(p.second); });
}

void fill(const Node& node, Json& value) {
  if (value.isObject()) {
    for (const auto& [name, property] : node.properties) {
      if (value.find(name) == nullptr && hasDefault(property)) {
        value.set(name, property.fallback ? *property.fallback : Json(Json::Object()));
      }
    }
    for (auto& [name, member] : std::get<Json::Object>(value.value())) {
      if (const Node* known = node.property(name)) {
        fill(*known, member);
      } else if (node.additional) {
        fill(*node.additional, member);
      }
    }
  } else if (value.isArray() && node.items) {
    for (Json& item : std::get<Json::Array>(value.value())) {
      fill(*node.items, item);
    }
  }
}

void collectSecrets(const Node& node, const std::string& at, std::vector<std::string>& found) {
  if (node.write_only) {
    found.push_back(at);
  }
  for (const auto& [name, property] : node.properties) {
    collectSecrets(property, pointerTo(at, name), found);
  }
}

}  // namespace

JsonSchema::JsonSchema(const Json& schema) : root_(std::make_unique<Node>(schema::read(schema))) {}
JsonSchema::~JsonSchema() = default;
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;

std::vector<Violation> JsonSchema::check(const Json& value) const {
  return Checker().run(*root_, value);
}

Json JsonSchema::withDefaults(Json value) const {
  if (value.isNull() && hasDefault(*root_)) {
    value = root_->fallback ? *root_->fallback : Json(Json::Object());
  }
  fill(*root_, value);
  return value;
}

std::vector<std::string> JsonSchema::secrets() const {
  std::vector<std::string> found;
  collectSecrets(*root_, "", found);
  return found;
}

}  // namespace reeld
