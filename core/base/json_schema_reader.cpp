// From the JSON of a schema to its nodes; every fault of the schema is gathered, none is passed
// over.
#include "base/json_schema_node.h"

#include <algorithm>

namespace reeld {

std::string pointerTo(const std::string& parent, std::string_view key) {
  std::string pointer = parent + "/";
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

namespace schema {

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return text;
}

namespace {

using Node = JsonSchema::Node;

const std::vector<std::string> TypeWords = {"null",   "boolean", "integer", "number",
                                            "string", "array",   "object"};

class SchemaReader {
 public:
  Node read(const Json& schema) {
    Node root = node(schema, "");
    if (!faults_.empty()) {
      throw Error(std::move(faults_));
    }
    return root;
  }

 private:
  void fault(const std::string& pointer, std::string message) {
    faults_.push_back({pointer.empty() ? "/" : pointer, std::move(message)});
  }

  Node node(const Json& schema, const std::string& at) {
    Node result;
    if (schema.isBool() && schema.boolean()) {
      return result;
    }
    if (!schema.isObject()) {
      fault(at, "a schema must be an object");
      return result;
    }
    for (const auto& [word, value] : schema.object()) {
      keyword(result, word, value, pointerTo(at, word));
    }
    return result;
  }

  void keyword(Node& to, const std::string& word, const Json& value, const std::string& at) {
    static const std::vector<std::string> Annotations = {
        "$schema", "$id", "$comment", "title", "description", "examples", "deprecated", "format"};
    if (word.starts_with("x-") ||
        std::find(Annotations.begin(), Annotations.end(), word) != Annotations.end()) {
      return;
    }
    if (word == "type") {
      types(to, value, at);
    } else if (word == "enum") {
      allowed(to, value, at);
    } else if (word == "const") {
      to.allowed = Json::Array{value};
    } else if (word == "default") {
      to.fallback = value;
    } else if (word == "pattern") {
      pattern(to, value, at);
    } else if (word == "uniqueItems") {
      flag(to.unique_items, value, at);
    } else if (word == "writeOnly") {
      flag(to.write_only, value, at);
    } else if (!structure(to, word, value, at) && !limit(to, word, value, at)) {
      fault(at, "is not a word this reeld checks");
    }
  }

  bool structure(Node& to, const std::string& word, const Json& value, const std::string& at) {
    if (word == "properties") {
      if (!value.isObject()) {
        fault(at, "must be an object");
        return true;
      }
      for (const auto& [name, schema] : value.object()) {
        to.properties.emplace_back(name, node(schema, pointerTo(at, name)));
      }
    } else if (word == "required") {
      names(to.required, value, at);
    } else if (word == "additionalProperties") {
      if (value.isBool()) {
        to.closed = !value.boolean();
      } else {
        to.additional = std::make_unique<Node>(node(value, at));
      }
    } else if (word == "items") {
      to.items = std::make_unique<Node>(node(value, at));
    } else {
      return false;
    }
    return true;
  }

  bool limit(Node& to, const std::string& word, const Json& value, const std::string& at) {
    struct Bound {
      const char* word;
      std::optional<double> Node::*field;
    };
    struct Count {
      const char* word;
      std::optional<std::int64_t> Node::*field;
    };
    static constexpr Bound Bounds[] = {{"minimum", &Node::minimum},
                                       {"maximum", &Node::maximum},
                                       {"exclusiveMinimum", &Node::above},
                                       {"exclusiveMaximum", &Node::below}};
    static constexpr Count Counts[] = {{"minLength", &Node::min_length},
                                       {"maxLength", &Node::max_length},
                                       {"minItems", &Node::min_items},
                                       {"maxItems", &Node::max_items}};
    for (const auto& bound : Bounds) {
      if (word == bound.word) {
        value.isNumber() ? void(to.*bound.field = value.number()) : fault(at, "must be a number");
        return true;
      }
    }
    for (const auto& count : Counts) {
      if (word == count.word) {
        value.isInteger() && value.integer() >= 0 ? void(to.*count.field = value.integer())
                                                  : fault(at, "must be a whole number, 0 or more");
        return true;
      }
    }
    return false;
  }

  void flag(bool& to, const Json& value, const std::string& at) {
    value.isBool() ? void(to = value.boolean()) : fault(at, "must be true or false");
  }

  void types(Node& to, const Json& value, const std::string& at) {
    const Json::Array one = {value};
    for (const Json& type : value.isArray() ? value.array() : one) {
      if (type.isString() &&
          std::find(TypeWords.begin(), TypeWords.end(), type.text()) != TypeWords.end()) {
        to.types.push_back(type.text());
      } else {
        fault(at, "must name a type: " + listed(TypeWords));
      }
    }
  }

  void allowed(Node& to, const Json& value, const std::string& at) {
    if (value.isArray() && !value.array().empty()) {
      to.allowed = value.array();
    } else {
      fault(at, "must be a list of at least one value");
    }
  }

  void names(std::vector<std::string>& to, const Json& value, const std::string& at) {
    if (!value.isArray()) {
      fault(at, "must be a list of names");
      return;
    }
    for (const Json& name : value.array()) {
      name.isString() ? to.push_back(name.text()) : fault(at, "must be a list of names");
    }
  }

  void pattern(Node& to, const Json& value, const std::string& at) {
    if (!value.isString()) {
      fault(at, "must be a string");
      return;
    }
    try {
      to.pattern.emplace(value.text(), std::regex::ECMAScript);
      to.pattern_text = value.text();
    } catch (const std::regex_error&) {
      fault(at, "is not a regular expression");
    }
  }

  std::vector<Violation> faults_;
};

}  // namespace

JsonSchema::Node read(const Json& json) { return SchemaReader().read(json); }

}  // namespace schema
}  // namespace reeld
