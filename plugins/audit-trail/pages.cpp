#include "pages.h"

#include <string>

namespace audit_trail {

namespace {

constexpr std::int64_t CountUpTo = 10'000;

const std::string Select = "SELECT " + std::string(Entry::Columns) + " FROM audit_records ";
constexpr const char* Order = "ORDER BY at DESC, boot DESC, seq DESC ";

std::string place(std::size_t number) { return "$" + std::to_string(number); }

std::vector<Entry> entriesIn(std::vector<SqlRow> rows) {
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (auto& row : rows) {
    entries.push_back(Entry::of(std::move(row)));
  }
  return entries;
}

}  // namespace

std::vector<Entry> newest(const Sql& sql, const Filter& filter, const Window& window) {
  SqlRow values = filter.values();
  values.emplace_back(std::to_string(window.limit));
  values.emplace_back(std::to_string(window.skip));
  return entriesIn(sql.query(Select + filter.where() + Order + "LIMIT CAST(" +
                                 place(values.size() - 1) + " AS BIGINT) OFFSET CAST(" +
                                 place(values.size()) + " AS BIGINT)",
                             values));
}

Total total(const Sql& sql, const Filter& filter) {
  if (filter.isEmpty()) {
    // Numbers of a boot have no gap, so nothing has to be counted.
    const auto rows = sql.query(
        "SELECT CAST(COALESCE((SELECT SUM(last_seq) FROM audit_boots), 0) - "
        "COALESCE((SELECT SUM(seq) FROM audit_pruned), 0) AS BIGINT)");
    return {std::stoll(rows.at(0).at(0).value_or("0")), true};
  }
  SqlRow values = filter.values();
  values.emplace_back(std::to_string(CountUpTo));
  const auto rows =
      sql.query("SELECT COUNT(*) FROM (SELECT 1 FROM audit_records " + filter.where() +
                    "LIMIT CAST(" + place(values.size()) + " AS BIGINT)) counted",
                values);
  const std::int64_t count = std::stoll(rows.at(0).at(0).value_or("0"));
  return {count, count < CountUpTo};
}

std::vector<Entry> olderThan(const Sql& sql, const Filter& filter, const Entry* last, int limit) {
  SqlRow values = filter.values();
  std::string where = filter.where();
  if (last != nullptr) {
    where += where.empty() ? "WHERE " : "AND ";
    const std::size_t first = values.size() + 1;
    for (const std::int64_t part : {last->at, last->boot, last->seq}) {
      values.emplace_back(std::to_string(part));
    }
    where += "(at, boot, seq) < (CAST(" + place(first) + " AS BIGINT), CAST(" + place(first + 1) +
             " AS BIGINT), CAST(" + place(first + 2) + " AS BIGINT)) ";
  }
  values.emplace_back(std::to_string(limit));
  return entriesIn(sql.query(
      Select + where + Order + "LIMIT CAST(" + place(values.size()) + " AS BIGINT)", values));
}

}  // namespace audit_trail
