#include "config/tree.h"

#include <charconv>

namespace reeld::config {

std::string Origin::text() const {
  return line == 0 ? source : source + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string Fault::text() const {
  return origin.text() + ": " + (pointer.empty() ? "" : pointer + ": ") + message;
}

Node Node::scalar(std::string text, bool quoted, Origin origin) {
  Node node;
  node.kind = Kind::Scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  node.origin = std::move(origin);
  return node;
}

Node Node::map(Origin origin) {
  Node node;
  node.kind = Kind::Map;
  node.origin = std::move(origin);
  return node;
}

const Entry* Node::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) {
      return &entry;
    }
  }
  return nullptr;
}

Entry* Node::find(std::string_view key) {
  return const_cast<Entry*>(static_cast<const Node*>(this)->find(key));
}

void merge(Node& base, const Node& over) {
  if (!base.isMap() || !over.isMap()) {
    base = over;
    return;
  }
  for (const auto& entry : over.entries) {
    if (Entry* below = base.find(entry.key)) {
      below->at = entry.at;
      merge(below->value, entry.value);
    } else {
      base.entries.push_back(entry);
    }
  }
}

namespace {

template <class Number>
bool readWholly(const std::string& text, Number& number) {
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(begin, end, number);
  return result.ec == std::errc() && result.ptr == end && begin != end;
}

Json plainToJson(const std::string& text) {
  if (text.empty() || text == "~" || text == "null") {
    return {};
  }
  if (text == "true" || text == "false") {
    return text == "true";
  }
  // Only what begins like a number: from_chars also takes "inf" and "nan".
  if (text.find_first_of("0123456789") <= 2) {
    std::int64_t whole = 0;
    double real = 0;
    if (readWholly(text, whole)) {
      return whole;
    }
    if (readWholly(text, real)) {
      return real;
    }
  }
  return text;
}

}  // namespace

Json toJson(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return {};
    case Node::Kind::Scalar:
      return node.quoted ? Json(node.text) : plainToJson(node.text);
    case Node::Kind::List: {
      Json::Array items;
      for (const auto& item : node.items) {
        items.push_back(toJson(item));
      }
      return items;
    }
    case Node::Kind::Map:
      break;
  }
  Json::Object members;
  for (const auto& entry : node.entries) {
    members.emplace_back(entry.key, toJson(entry.value));
  }
  return members;
}

namespace {

void collectLoose(const Node& node, const std::string& pointer, std::vector<LooseText>& found) {
  if (node.isScalar() && node.loose) {
    found.push_back({pointer, node.text});
  }
  for (const auto& entry : node.entries) {
    collectLoose(entry.value, pointerTo(pointer, entry.key), found);
  }
}

}  // namespace

std::vector<LooseText> looseTexts(const Node& node) {
  std::vector<LooseText> found;
  collectLoose(node, "", found);
  return found;
}

Node fromJson(const Json& json, const Origin& origin) {
  if (json.isObject()) {
    Node map = Node::map(origin);
    for (const auto& [key, member] : json.object()) {
      map.entries.push_back({key, origin, fromJson(member, origin)});
    }
    return map;
  }
  Node node;
  node.origin = origin;
  if (json.isArray()) {
    node.kind = Node::Kind::List;
    for (const auto& item : json.array()) {
      node.items.push_back(fromJson(item, origin));
    }
    return node;
  }
  return json.isNull()     ? node
         : json.isString() ? Node::scalar(json.text(), true, origin)
                           : Node::scalar(json.dump(), false, origin);
}

}  // namespace reeld::config
