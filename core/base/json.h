// JSON as a value, for reading; json_writer.h writes. RapidJSON does the work behind json.cpp; its
// types stay there. Parsing is iterative, validates UTF-8 and refuses NUL in strings and duplicate
// keys, because what is read here ends in SQL.
#pragma once
#include "base/json_writer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace reeld {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;  ///< in document order
  using Value =
      std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Json() : value_(nullptr) {}
  Json(std::nullptr_t) : value_(nullptr) {}
  Json(bool v) : value_(v) {}
  Json(int v) : value_(std::int64_t{v}) {}
  Json(std::int64_t v) : value_(v) {}
  Json(double v) : value_(v) {}
  /// A number with the digits it was written with.
  Json(double v, std::string digits) : value_(v), number_text_(std::move(digits)) {}
  Json(const char* v) : value_(std::string(v)) {}
  Json(std::string_view v) : value_(std::string(v)) {}
  Json(std::string v) : value_(std::move(v)) {}
  Json(Array v) : value_(std::move(v)) {}
  Json(Object v) : value_(std::move(v)) {}

  /// Throws Error INVALID "... at byte N". Depth is limited to 64. An integer beyond 64 bits is a
  /// double.
  static Json parse(std::string_view text);
  std::string dump() const;

  const Value& value() const noexcept { return value_; }
  Value& value() noexcept { return value_; }
  bool isNull() const noexcept { return std::holds_alternative<std::nullptr_t>(value_); }
  bool isObject() const noexcept { return std::holds_alternative<Object>(value_); }
  bool isArray() const noexcept { return std::holds_alternative<Array>(value_); }
  bool isString() const noexcept { return std::holds_alternative<std::string>(value_); }
  bool isBool() const noexcept { return std::holds_alternative<bool>(value_); }
  bool isInteger() const noexcept { return std::holds_alternative<std::int64_t>(value_); }
  bool isNumber() const noexcept { return isInteger() || std::holds_alternative<double>(value_); }

  /// The member, or nullptr if this is no object or has none of that name.
  const Json* find(std::string_view key) const noexcept;
  /// Adds or replaces a member; turns null into an object.
  void set(std::string_view key, Json value);

  /// The typed value; throws Error INVALID naming the type that was expected.
  const std::string& text() const;
  std::int64_t integer() const;
  double number() const;
  bool boolean() const;
  /// A number exactly as the document wrote it ("9.990", "1e3"): money is never read through a
  /// double.
  std::string numberText() const;
  const Array& array() const;
  const Object& object() const;

 private:
  Value value_;
  std::string number_text_;  ///< of a double that was parsed
};

}  // namespace reeld
