// What type a value has to a schema, and which one a text becomes that came without any.
#include "base/json_schema_node.h"

#include <algorithm>
#include <cmath>

namespace reeld {

namespace {

using Node = JsonSchema::Node;

std::string typeOf(const Json& value) {
  if (value.isNull()) {
    return "null";
  }
  if (value.isBool()) {
    return "boolean";
  }
  if (value.isInteger()) {
    return "integer";
  }
  if (value.isNumber()) {
    return "number";
  }
  if (value.isString()) {
    return "string";
  }
  return value.isArray() ? "array" : "object";
}

/// The value of an item of a list that was written with commas.
Json plain(const std::string& text) {
  try {
    Json value = Json::parse(text);
    return value.isArray() || value.isObject() || value.isString() ? Json(text) : value;
  } catch (const Error&) {
    return text;
  }
}

bool takes(const Node& node, const std::string& type) {
  return std::find(node.types.begin(), node.types.end(), type) != node.types.end();
}

bool accepts(const Node& node, const Json& value) {
  const bool has_type = node.types.empty() ||
                        std::any_of(node.types.begin(), node.types.end(), [&](const auto& type) {
                          return schema::isOfType(value, type);
                        });
  return has_type &&
         (!node.allowed || std::any_of(node.allowed->begin(), node.allowed->end(),
                                       [&](const Json& one) { return schema::equal(one, value); }));
}

std::vector<std::string> splitAtCommas(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin <= text.size() && !text.empty();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto first = std::min(text.find_first_not_of(' ', begin), end);
    const auto last = text.find_last_not_of(' ', end == 0 ? 0 : end - 1);
    items.push_back(
        last == std::string::npos || last < first ? "" : text.substr(first, last - first + 1));
    begin = end + 1;
  }
  return items;
}

Json fitted(const Node& node, const Json& guess, const std::string& text) {
  if (accepts(node, guess)) {
    return guess;
  }
  if (takes(node, "string") || (node.types.empty() && accepts(node, Json(text)))) {
    return text;
  }
  if (!takes(node, "array")) {
    return guess;
  }
  Json::Array items;
  for (const std::string& item : splitAtCommas(text)) {
    items.push_back(node.items ? fitted(*node.items, plain(item), item) : plain(item));
  }
  return items;
}

/// The first step of a pointer, decoded; the rest stays.
std::string nextStep(std::string_view& pointer) {
  pointer.remove_prefix(1);
  std::string step(pointer.substr(0, pointer.find('/')));
  pointer.remove_prefix(step.size());
  for (const auto& [code, character] : {std::pair{"~1", "/"}, {"~0", "~"}}) {
    for (auto at = step.find(code); at != std::string::npos; at = step.find(code, at + 1)) {
      step.replace(at, 2, character);
    }
  }
  return step;
}

void retype(const Node& root, Json& whole, const LooseText& loose) {
  const Node* node = &root;
  Json* value = &whole;
  for (std::string_view left = loose.pointer; !left.empty();) {
    const std::string step = nextStep(left);
    const Node* known = node->property(step);
    node = known != nullptr ? known : node->additional.get();
    value = value->isObject() ? const_cast<Json*>(std::as_const(*value).find(step)) : nullptr;
    if (node == nullptr || value == nullptr) {
      return;  // the check says what is wrong with it
    }
  }
  *value = fitted(*node, *value, loose.text);
}

}  // namespace

namespace schema {

bool equal(const Json& a, const Json& b) {
  if (a.isNumber() && b.isNumber()) {
    return a.isInteger() && b.isInteger() ? a.integer() == b.integer() : a.number() == b.number();
  }
  if (typeOf(a) != typeOf(b)) {
    return false;
  }
  if (a.isArray()) {
    return std::equal(a.array().begin(), a.array().end(), b.array().begin(), b.array().end(),
                      equal);
  }
  if (a.isObject()) {
    return a.object().size() == b.object().size() &&
           std::all_of(a.object().begin(), a.object().end(), [&](const auto& member) {
             const Json* other = b.find(member.first);
             return other != nullptr && equal(member.second, *other);
           });
  }
  return a.isString() ? a.text() == b.text() : a.isNull() || a.boolean() == b.boolean();
}

bool isOfType(const Json& value, const std::string& type) {
  const std::string actual = typeOf(value);
  if (actual == type || (type == "number" && actual == "integer")) {
    return true;
  }
  // 2.0 is an integer to JSON Schema.
  return type == "integer" && actual == "number" && std::trunc(value.number()) == value.number();
}

}  // namespace schema

Json JsonSchema::typed(Json value, const std::vector<LooseText>& loose) const {
  for (const LooseText& one : loose) {
    retype(*root_, value, one);
  }
  return value;
}

}  // namespace reeld
