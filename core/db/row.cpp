#include "db/row.h"

#include "base/error.h"

namespace reeld::db {

namespace {

[[noreturn]] void refuse(std::size_t column, const Cell& cell, const char* wanted) {
  throw Error(ErrorCode::Internal, "column " + std::to_string(column) + " of a row is " +
                                       (cell.index() == 0   ? "NULL"
                                        : cell.index() == 1 ? "an integer"
                                                            : "text") +
                                       " where " + wanted + " was expected");
}

std::int64_t integerOf(std::size_t column, const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    return *number;
  }
  refuse(column, cell, "an integer");
}

std::string_view textOf(std::size_t column, const Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    return *text;
  }
  refuse(column, cell, "text");
}

bool isNothing(const Cell& cell) noexcept { return std::holds_alternative<std::monostate>(cell); }

}  // namespace

Cell Row::cell(std::size_t column) const {
  if (column >= size()) {
    throw Error(ErrorCode::Internal, "a row of " + std::to_string(size()) +
                                         " columns was asked for column " + std::to_string(column));
  }
  return answer_->cell(number_, column);
}

std::int64_t Row::integer(std::size_t column) const { return integerOf(column, cell(column)); }

std::string_view Row::view(std::size_t column) const { return textOf(column, cell(column)); }

std::optional<std::int64_t> Row::maybeInteger(std::size_t column) const {
  const Cell found = cell(column);
  return isNothing(found) ? std::nullopt : std::optional(integerOf(column, found));
}

std::optional<std::string> Row::maybeText(std::size_t column) const {
  const Cell found = cell(column);
  return isNothing(found) ? std::nullopt : std::optional(std::string(textOf(column, found)));
}

}  // namespace reeld::db
