// Values that go into a statement and rows that come out. Three types only: integer, text, NULL
// (times and money are integers, flags 0/1, structures JSON text).
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// A value as its engine gave it. A text is a view into the answer.
using Cell = std::variant<std::monostate, std::int64_t, std::string_view>;

/// All cells of one answer; they never change. Its rows hold it together.
class Answered {
 public:
  explicit Answered(std::size_t columns) noexcept : columns_(columns) {}
  virtual ~Answered() = default;
  Answered(const Answered&) = delete;
  Answered& operator=(const Answered&) = delete;

  std::size_t columns() const noexcept { return columns_; }
  virtual Cell cell(std::size_t row, std::size_t column) const = 0;

 private:
  std::size_t columns_;
};

/// One row; columns by their position in the SELECT or RETURNING list. A view of its answer, which
/// lives as long as any row of it: what nobody asks for is never copied.
class Row {
 public:
  Row(std::shared_ptr<const Answered> answer, std::size_t number) noexcept
      : answer_(std::move(answer)), number_(number) {}

  bool isNull(std::size_t column) const {
    return std::holds_alternative<std::monostate>(cell(column));
  }
  /// Throws INTERNAL for NULL or text.
  std::int64_t integer(std::size_t column) const;
  /// Throws INTERNAL for NULL or an integer.
  std::string text(std::size_t column) const { return std::string(view(column)); }
  /// The same without a copy, for as long as there is a row of this answer.
  std::string_view view(std::size_t column) const;
  bool flag(std::size_t column) const { return integer(column) != 0; }
  std::optional<std::int64_t> maybeInteger(std::size_t column) const;
  std::optional<std::string> maybeText(std::size_t column) const;
  /// As it came, for who does not know the types (a plugin's own SQL).
  Cell cell(std::size_t column) const;
  std::size_t size() const noexcept { return answer_->columns(); }

 private:
  std::shared_ptr<const Answered> answer_;
  std::size_t number_;
};

using Rows = std::vector<Row>;

}  // namespace reeld::db
