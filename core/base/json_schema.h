// A subset of JSON Schema: what a plugin says about its configuration, and how that is held against
// it. Known: type properties required additionalProperties enum const minimum maximum
// exclusiveMinimum exclusiveMaximum minLength maxLength pattern items minItems maxItems uniqueItems
// default; annotations
// ($schema $id title description examples deprecated writeOnly format, x-...) are read and ignored.
// Any other word is refused when the schema is read, so that none is believed to be checked and is
// not.
#pragma once
#include "base/error.h"
#include "base/json.h"

#include <memory>
#include <string>
#include <vector>

namespace reeld {

/// A value that came as text from where nothing tells types apart (the environment, --set).
struct LooseText {
  std::string pointer;  ///< where it stands, RFC 6901
  std::string text;
  bool operator==(const LooseText&) const = default;
};

class JsonSchema {
 public:
  /// Throws Error INVALID naming every fault of the schema itself by its pointer.
  explicit JsonSchema(const Json& schema);
  ~JsonSchema();
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;

  /// Everything that is wrong with the value, in document order; empty if nothing is.
  std::vector<Violation> check(const Json& value) const;
  /// The value with the defaults of absent members, at every depth. A missing object comes into
  /// being if it has a default of its own, or one below it.
  Json withDefaults(Json value) const;
  /// The value, in which each loose one has become what the schema wants there: of text that looks
  /// like a number, a string where a string is due; of text with commas, a list. Where nothing
  /// fits, it stays as it is in `value`, and check() says so.
  Json typed(Json value, const std::vector<LooseText>& loose) const;
  /// The pointers of members marked writeOnly: secrets, masked wherever a configuration is shown.
  std::vector<std::string> secrets() const;

  struct Node;

 private:
  std::unique_ptr<Node> root_;
};

/// "/a~1b/0": one more step of an RFC 6901 pointer.
std::string pointerTo(const std::string& parent, std::string_view key);

}  // namespace reeld
