#include "insertion.h"

#include <array>
#include <string>

using reeld::sdk::Sql;

namespace audit_trail {

namespace {

/// Several rows in one statement: on PostgreSQL each statement is a way there and back.
constexpr std::array<std::size_t, 4> RowsAtOnce = {128, 32, 8, 1};

std::string insertOf(std::size_t rows) {
  std::string sql = "INSERT INTO audit_records (" + std::string(Entry::Columns) + ") VALUES ";
  for (std::size_t i = 0; i < rows * Entry::ColumnCount; ++i) {
    const bool begins = i % Entry::ColumnCount == 0;
    sql += begins ? (i == 0 ? "($" : "), ($") : ", $";
    sql += std::to_string(i + 1);
  }
  return sql + ")";
}

const std::string& insertFor(std::size_t place) {
  static const std::array<std::string, RowsAtOnce.size()> Texts = {
      insertOf(RowsAtOnce[0]), insertOf(RowsAtOnce[1]), insertOf(RowsAtOnce[2]),
      insertOf(RowsAtOnce[3])};
  return Texts[place];
}

}  // namespace

void insert(const Sql& sql, const std::vector<Entry>& batch) {
  std::size_t at = 0;
  for (std::size_t place = 0; place < RowsAtOnce.size(); ++place) {
    const std::size_t rows = RowsAtOnce[place];
    for (; batch.size() - at >= rows; at += rows) {
      SqlRow values;
      values.reserve(rows * Entry::ColumnCount);
      for (std::size_t i = at; i < at + rows; ++i) {
        for (SqlValue& value : batch[i].row()) {
          values.push_back(std::move(value));
        }
      }
      sql.execute(insertFor(place), values);
    }
  }
}

}  // namespace audit_trail
