// Ids and windows of lists, and that nothing odd in them becomes a 500.
#include "api/parameters.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fake_exchange.h"

using namespace reeld;
using namespace reeld::api;
using reeld::test::FakeExchange;

namespace {

Window window(const std::string& query, std::int64_t fallback = 50) {
  FakeExchange exchange;
  exchange.query_text = query;
  return readWindow(exchange, fallback);
}

std::string headerOf(const http::Response& response, const std::string& name) {
  for (const auto& header : response.headers) {
    if (header.name == name) {
      return header.value;
    }
  }
  return "";
}

std::string links(std::int64_t skip, std::int64_t limit, std::int64_t total) {
  http::Response response;
  addWindowHeaders(response, "/v", {.skip = skip, .limit = limit}, total);
  return headerOf(response, "Link");
}

}  // namespace

TEST_CASE("an id is a positive number of at most 64 bits") {
  CHECK(parseId("1", "id") == 1);
  CHECK(parseId("9223372036854775807", "id") == 9223372036854775807LL);
  for (const char* text : {"", "0", "-1", "+1", " 1", "1 ", "1.0", "1e3", "abc",
                           "9223372036854775808", "99999999999999999999999999", "0x10", "١"}) {
    INFO(text);
    CHECK_THROWS_AS(parseId(text, "id"), Error);
  }
}

TEST_CASE("a window has defaults and is clamped") {
  CHECK(window("").skip == 0);
  CHECK(window("").limit == 50);
  CHECK(window("", 10).limit == 10);
  CHECK(window("skip=7&limit=3").skip == 7);
  CHECK(window("skip=7&limit=3").limit == 3);
  CHECK(window("limit=100000").limit == 200);
  CHECK(window("limit=0").limit == 0);
}

TEST_CASE("a window that is no number names every fault") {
  for (const char* query :
       {"skip=-1", "limit=-1", "skip=x", "limit=1e3", "skip=99999999999999999999", "limit="}) {
    INFO(query);
    CHECK_THROWS_AS(window(query), Error);
  }
  try {
    window("skip=a&limit=b");
  } catch (const Error& error) {
    REQUIRE(error.violations().size() == 2);
    CHECK(error.violations()[0].pointer == "/skip");
    CHECK(error.violations()[1].pointer == "/limit");
  }
}

TEST_CASE("links lead to the windows there are") {
  CHECK(links(0, 2, 5) ==
        "</v?skip=0&limit=2>; rel=\"first\", </v?skip=2&limit=2>; rel=\"next\", "
        "</v?skip=4&limit=2>; rel=\"last\"");
  CHECK(links(4, 2, 5) ==
        "</v?skip=0&limit=2>; rel=\"first\", </v?skip=2&limit=2>; rel=\"prev\", "
        "</v?skip=4&limit=2>; rel=\"last\"");
  CHECK(links(0, 50, 0) ==
        "</v?skip=0&limit=50>; rel=\"first\", </v?skip=0&limit=50>; rel=\"last\"");
  CHECK(links(0, 0, 5).empty());
  CHECK(links(9223372036854775807LL, 200, 5).find("next") == std::string::npos);
}
