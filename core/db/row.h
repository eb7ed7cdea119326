// Values that go into a statement and rows that come out. Three types only: integer, text, NULL
// (times and money are integers, flags 0/1, structures JSON text).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reeld::db {

using Value = std::variant<std::monostate, std::int64_t, std::string>;

inline Value toValue(std::nullopt_t) { return std::monostate{}; }
inline Value toValue(bool v) { return std::int64_t{v ? 1 : 0}; }
template <class Integer>
requires std::is_integral_v<Integer> Value toValue(Integer v) {
  return static_cast<std::int64_t>(v);
}
inline Value toValue(std::string_view v) { return std::string(v); }
inline Value toValue(const char* v) { return std::string(v); }
inline Value toValue(const std::string& v) { return v; }
inline Value toValue(const Value& v) { return v; }
template <class T>
Value toValue(const std::optional<T>& v) {
  return v ? toValue(*v) : Value{};
}

/// One row; columns by their position in the SELECT or RETURNING list.
class Row {
 public:
  explicit Row(std::vector<Value> columns) : columns_(std::move(columns)) {}
  bool isNull(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;     ///< throws INTERNAL for NULL or text
  const std::string& text(std::size_t column) const;  ///< throws INTERNAL for NULL
  bool flag(std::size_t column) const { return integer(column) != 0; }
  std::optional<std::int64_t> maybeInteger(std::size_t column) const;
  std::optional<std::string> maybeText(std::size_t column) const;
  /// The text itself instead of a copy: what is left of it in the row is anything.
  std::string takeText(std::size_t column);
  std::optional<std::string> takeMaybeText(std::size_t column);
  /// As it came, for who does not know the types (a plugin's own SQL).
  const Value& value(std::size_t column) const { return columns_.at(column); }
  std::size_t size() const noexcept { return columns_.size(); }

 private:
  std::vector<Value> columns_;
};

using Rows = std::vector<Row>;

}  // namespace reeld::db
