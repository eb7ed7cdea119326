// JSON as a value (reading) and as a stream (writing). RapidJSON does the work behind json.cpp; its
// types stay there. Parsing is iterative, validates UTF-8 and refuses NUL in strings and duplicate
// keys, because what is read here ends in SQL.
#pragma once
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

/// Writes JSON without building a tree: w.beginObject().key("id").value(7).endObject().
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& beginObject();
  JsonWriter& endObject();
  JsonWriter& beginArray();
  JsonWriter& endArray();
  JsonWriter& key(std::string_view name);
  JsonWriter& null();
  JsonWriter& value(bool v);
  JsonWriter& value(int v) { return value(std::int64_t{v}); }
  JsonWriter& value(std::int64_t v);
  JsonWriter& value(double v);
  JsonWriter& value(std::string_view v);
  JsonWriter& value(const char* v) { return value(std::string_view(v)); }
  JsonWriter& value(const std::string& v) { return value(std::string_view(v)); }
  JsonWriter& value(const Json& v);
  /// Text that is JSON already (a decimal such as 9.99).
  JsonWriter& raw(std::string_view json);
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }

  std::string_view view() const;  ///< valid until the next write
  std::string take();             ///< the text; the writer is empty afterwards

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
