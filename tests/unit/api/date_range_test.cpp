// Which days a report is for.
#include "api/date_range.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fake_exchange.h"

using namespace reeld;
using namespace reeld::api;

namespace {

constexpr EpochMs Now = 1'772'400'000'000;  // 2026-03-01T21:20:00Z

std::string rangeIn(const std::string& query) {
  test::FakeExchange exchange;
  exchange.query_text = query;
  const DateRange range = readDateRange(exchange, Now);
  return range.from + " " + range.to;
}

/// The pointer of the first thing that is wrong.
std::string rangeRefusal(const std::string& query) {
  try {
    return rangeIn(query);
  } catch (const Error& error) {
    return error.violations().at(0).pointer;
  }
}

}  // namespace

TEST_CASE("without anything it is the last thirty days") {
  CHECK(rangeIn("") == "2026-01-31 2026-03-01");
  CHECK(rangeIn("from=&to=") == "2026-01-31 2026-03-01");
  CHECK(rangeIn("to=2026-01-30") == "2026-01-01 2026-01-30");
  CHECK(rangeIn("from=2026-02-28") == "2026-02-28 2026-03-01");
  CHECK(rangeIn("from=2024-02-29&to=2024-02-29") == "2024-02-29 2024-02-29");
}

TEST_CASE("what is no day, no range or too long is refused by name") {
  for (const std::string query :
       {"from=x", "from=2026-02-29", "from=2026-1-1", "from=2026-01-01T00:00:00", "from=1969-12-31",
        "from=2026-03-02", "from=2026-02-02&to=2026-02-01", "from=2023-02-24"}) {
    INFO(query);
    CHECK(rangeRefusal(query) == "/from");
  }
  CHECK(rangeRefusal("to=2026-13-01") == "/to");
  CHECK(rangeIn("from=2023-02-26") == "2023-02-26 2026-03-01");
}

TEST_CASE("a range lists each of its days") {
  CHECK(daysOf({"2024-02-28", "2024-03-01"}) ==
        std::vector<std::string>{"2024-02-28", "2024-02-29", "2024-03-01"});
}
