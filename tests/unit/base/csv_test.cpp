// Tables as psql and spreadsheets write them, and what is none.
#include "base/csv.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;

namespace {
using Row = std::vector<std::string>;

std::vector<Row> rowsOf(std::string_view text) {
  CsvReader reader(text);
  std::vector<Row> rows;
  while (auto row = reader.next()) {
    rows.push_back(*row);
  }
  return rows;
}
}  // namespace

TEST_CASE("rows are split at commas and lines") {
  CHECK(rowsOf("a,b\nc,d\n") == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  CHECK(rowsOf("a,b\r\nc,d") == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  CHECK(rowsOf(",\n\n\na") == std::vector<Row>{{"", ""}, {"a"}});
  CHECK(rowsOf("") == std::vector<Row>{});
  CHECK(rowsOf("a,") == std::vector<Row>{{"a", ""}});
}

TEST_CASE("quotes keep commas, quotes and lines together") {
  CHECK(rowsOf("\"a,b\",\"c\"\"d\"\n") == std::vector<Row>{{"a,b", "c\"d"}});
  CHECK(rowsOf("\"two\nlines\",x\ny,z") == std::vector<Row>{{"two\nlines", "x"}, {"y", "z"}});
  CHECK(rowsOf("\"\",\"\"") == std::vector<Row>{{"", ""}});
  CHECK(rowsOf("a\"b,c") == std::vector<Row>{{"a\"b", "c"}});
}

TEST_CASE("a row knows in which line it began, quoted lines counted") {
  CsvReader reader("a\n\n\"b\nb\",c\nd\n");
  std::vector<std::size_t> lines;
  while (reader.next()) {
    lines.push_back(reader.line());
  }
  CHECK(lines == std::vector<std::size_t>{1, 3, 5});
}

TEST_CASE("a row that is none is refused, and reading goes on behind it") {
  CsvReader behind("\"a\"b,c\nd\n");
  CHECK_THROWS_AS(behind.next(), Error);
  CHECK(behind.line() == 1);
  CHECK(behind.next() == Row{"d"});
  CHECK(behind.line() == 2);
  CsvReader open("\"a,b\nc");
  CHECK_THROWS_AS(open.next(), Error);
  CHECK(open.next() == Row{"c"});
  CHECK(open.next() == std::nullopt);
}
