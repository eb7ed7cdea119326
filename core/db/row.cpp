#include "db/row.h"

#include "base/error.h"

namespace reeld::db {

namespace {
const Value& at(const std::vector<Value>& columns, std::size_t column) {
  if (column >= columns.size()) {
    throw Error(ErrorCode::Internal, "a row of " + std::to_string(columns.size()) +
                                         " columns was asked for column " + std::to_string(column));
  }
  return columns[column];
}

template <class T>
const T& as(const std::vector<Value>& columns, std::size_t column, const char* wanted) {
  const Value& value = at(columns, column);
  if (const T* found = std::get_if<T>(&value))
    return *found;
  throw Error(ErrorCode::Internal, "column " + std::to_string(column) + " of a row is " +
                                       (value.index() == 0   ? "NULL"
                                        : value.index() == 1 ? "an integer"
                                                             : "text") +
                                       " where " + wanted + " was expected");
}
}  // namespace

bool Row::isNull(std::size_t column) const {
  return std::holds_alternative<std::monostate>(at(columns_, column));
}

std::int64_t Row::integer(std::size_t column) const {
  return as<std::int64_t>(columns_, column, "an integer");
}

const std::string& Row::text(std::size_t column) const {
  return as<std::string>(columns_, column, "text");
}

std::optional<std::int64_t> Row::maybeInteger(std::size_t column) const {
  return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Row::maybeText(std::size_t column) const {
  return isNull(column) ? std::nullopt : std::optional(text(column));
}

std::string Row::takeText(std::size_t column) {
  text(column);  // throws if it is none
  return std::move(std::get<std::string>(columns_[column]));
}

std::optional<std::string> Row::takeMaybeText(std::size_t column) {
  return isNull(column) ? std::nullopt : std::optional(takeText(column));
}

}  // namespace reeld::db
