// Configuration before it has types: maps, lists and scalars, each with the place it was written
// at. YAML files, the environment and --set all become this; bind.h gives it types.
#pragma once
#include "base/json.h"
#include "base/json_schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::config {

/// Where a value was written: a file with line and column, or a name ("REELD__HTTP__LISTEN").
struct Origin {
  std::string source = "default";
  int line = 0;  ///< 1 is the first; 0 = no lines (not a file)
  int column = 0;

  std::string text() const;  ///< "reeld.yaml:3:5"
};

struct Entry;

struct Node {
  enum class Kind { Null, Scalar, List, Map };
  Kind kind = Kind::Null;
  std::string text;     ///< Scalar
  bool quoted = false;  ///< Scalar: text for sure, even if it looks like a number
  bool loose = false;   ///< Scalar from outside the files: what type it has is the reader's to say
  Origin origin;
  std::vector<Node> items;     ///< List
  std::vector<Entry> entries;  ///< Map, in written order, no key twice

  Node() = default;
  static Node scalar(std::string text, bool quoted, Origin origin);
  static Node map(Origin origin);

  bool isNull() const { return kind == Kind::Null; }
  bool isScalar() const { return kind == Kind::Scalar; }
  bool isList() const { return kind == Kind::List; }
  bool isMap() const { return kind == Kind::Map; }
  const Entry* find(std::string_view key) const;
  Entry* find(std::string_view key);
};

struct Entry {
  std::string key;
  Origin at;  ///< of the key
  Node value;
};

/// Lays `over` on `base`: maps merge, anything else replaces.
void merge(Node& base, const Node& over);

/// A value of its own kind by YAML's core rules: 8 is a number, "8" and abc are strings, ~ is null.
Json toJson(const Node& node);
/// The loose scalars of a tree, with their pointers from it on.
std::vector<LooseText> looseTexts(const Node& node);
/// The other way; every part gets the origin.
Node fromJson(const Json& json, const Origin& origin);

/// Something wrong in the configuration, and where.
struct Fault {
  Origin origin;
  std::string pointer;  ///< "/http/listen"; may be empty (a file that cannot be read)
  std::string message;

  std::string text() const;  ///< "reeld.yaml:3:5: /http/listne: unknown key"
};
using Faults = std::vector<Fault>;

}  // namespace reeld::config
