// Ranges and conditions as a table.
#include "http/range.h"

#include "catch.h"

using namespace reeld::http;

namespace {
constexpr std::int64_t Modified = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
const Representation Thousand{"\"e1\"", Modified * 1000 + 500, 1000};

Selection ranged(std::string_view range) {
  Conditions conditions;
  conditions.range = range;
  return select(conditions, Thousand);
}
}  // namespace

TEST_CASE("byte ranges select what RFC 9110 says") {
  struct Row {
    const char* range;
    int status;
    std::uint64_t offset;
    std::uint64_t length;
  };
  const std::vector<Row> rows = {
      {"bytes=0-0", 206, 0, 1},       {"bytes=0-499", 206, 0, 500},
      {"bytes=500-", 206, 500, 500},  {"bytes=-500", 206, 500, 500},
      {"bytes=-1", 206, 999, 1},      {"bytes=-5000", 206, 0, 1000},
      {"bytes=999-", 206, 999, 1},    {"bytes=0-99999999999999999999999", 206, 0, 1000},
      {"bytes = 0-1", 206, 0, 2},     {"bytes=1000-", 416, 0, 0},
      {"bytes=1000-2000", 416, 0, 0}, {"bytes=99999999999999999999-", 416, 0, 0},
      {"bytes=-0", 416, 0, 0},        {"bytes=0-1,5-6", 200, 0, 1000},
      {"bytes=5-1", 200, 0, 1000},    {"bytes=", 200, 0, 1000},
      {"bytes=-", 200, 0, 1000},      {"bytes=a-b", 200, 0, 1000},
      {"bytes=1", 200, 0, 1000},      {"bytes=1--2", 200, 0, 1000},
      {"bytes=+1-2", 200, 0, 1000},   {"bytes=0x1-2", 200, 0, 1000},
      {"items=0-1", 200, 0, 1000},    {"0-1", 200, 0, 1000},
  };
  for (const auto& row : rows) {
    CAPTURE(row.range);
    const Selection selection = ranged(row.range);
    CHECK(selection.status == row.status);
    CHECK(selection.offset == row.offset);
    CHECK(selection.length == row.length);
  }
}

TEST_CASE("an empty file has no range") {
  Conditions conditions;
  conditions.range = "bytes=0-";
  CHECK(select(conditions, {"\"e\"", 0, 0}).status == 416);
  CHECK(select({}, {"\"e\"", 0, 0}).status == 200);
}

TEST_CASE("conditions come before ranges, in their order") {
  struct Row {
    const char* name;
    Conditions conditions;
    int status;
  };
  const char* const at = "Sun, 06 Nov 1994 08:49:37 GMT";
  const char* const before = "Sun, 06 Nov 1994 08:49:36 GMT";
  const std::vector<Row> rows = {
      {"If-None-Match hit", {"", "\"e1\"", "", "", "", ""}, 304},
      {"If-None-Match weak hit", {"", "W/\"e1\"", "", "", "", ""}, 304},
      {"If-None-Match in a list", {"", "\"x\", W/\"y\" , \"e1\"", "", "", "", ""}, 304},
      {"If-None-Match with a comma inside", {"", "\"a,b\", \"e1\"", "", "", "", ""}, 304},
      {"If-None-Match star", {"", "*", "", "", "", ""}, 304},
      {"If-None-Match miss", {"", "\"e2\"", "", "", "", ""}, 200},
      {"If-None-Match garbage", {"", "e1", "", "", "", ""}, 200},
      {"If-None-Match unterminated", {"", "\"e1", "", "", "", ""}, 200},
      {"If-None-Match wins over the date", {"", "\"e2\"", at, "", "", ""}, 200},
      {"If-Modified-Since same", {"", "", at, "", "", ""}, 304},
      {"If-Modified-Since older", {"", "", before, "", "", ""}, 200},
      {"If-Modified-Since garbage", {"", "", "yesterday", "", "", ""}, 200},
      {"If-Match hit", {"\"e1\"", "", "", "", "", ""}, 200},
      {"If-Match miss", {"\"e2\"", "", "", "", "", ""}, 412},
      {"If-Match weak is no match", {"W/\"e1\"", "", "", "", "", ""}, 412},
      {"If-Match star", {"*", "", "", "", "", ""}, 200},
      {"If-Unmodified-Since same", {"", "", "", at, "", ""}, 200},
      {"If-Unmodified-Since older", {"", "", "", before, "", ""}, 412},
      {"If-Range hit", {"", "", "", "", "\"e1\"", "bytes=0-1"}, 206},
      {"If-Range miss", {"", "", "", "", "\"e2\"", "bytes=0-1"}, 200},
      {"If-Range weak", {"", "", "", "", "W/\"e1\"", "bytes=0-1"}, 200},
      {"If-Range date hit", {"", "", "", "", at, "bytes=0-1"}, 206},
      {"If-Range date miss", {"", "", "", "", before, "bytes=0-1"}, 200},
      {"304 wins over 206", {"", "\"e1\"", "", "", "", "bytes=0-1"}, 304},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(select(row.conditions, Thousand).status == row.status);
  }
}

TEST_CASE("only the one form of date is read") {
  CHECK(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT") == Modified);
  for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 32 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(parseHttpDate(text));
  }
}
