// What a list of videos is asked for, and what of it stands in the links to its neighbours.
#include "api/video_parameters.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fake_exchange.h"

using namespace reeld;
using namespace reeld::api;
using catalog::VideoOrder;
using reeld::test::FakeExchange;

namespace {

catalog::VideoQuery queryIn(const std::string& query) {
  FakeExchange exchange;
  exchange.query_text = query;
  return readVideoQuery(exchange);
}

std::string filters(const std::string& query) {
  FakeExchange exchange;
  exchange.query_text = query;
  return filtersOf(exchange);
}

}  // namespace

TEST_CASE("without filters a list is of all, newest first") {
  for (const char* query :
       {"", "skip=3&limit=5", "q=&category=&tag=&state=&creator=&paid=&sort=", "unknown=7"}) {
    INFO(query);
    const auto asked = queryIn(query);
    CHECK(asked.words.empty());
    CHECK_FALSE(asked.category);
    CHECK_FALSE(asked.tag);
    CHECK_FALSE(asked.state);
    CHECK_FALSE(asked.creator_id);
    CHECK_FALSE(asked.is_paid);
    CHECK_FALSE(asked.deleted);
    CHECK(asked.order == VideoOrder::Created);
    CHECK_FALSE(asked.ascending);
  }
}

TEST_CASE("each filter is read") {
  const auto asked = queryIn(
      "q=big+buck%20x&category=Drama&tag=a%26b&state=FAILED&creator=7&paid=false&deleted=1&sort=-"
      "updated");
  CHECK(asked.words == "big buck x");
  CHECK(asked.category == "drama");
  CHECK(asked.tag == "a&b");
  CHECK(asked.state == catalog::VideoState::Failed);
  CHECK(asked.creator_id == 7);
  CHECK(asked.is_paid == false);
  CHECK(asked.deleted);
  CHECK(asked.order == VideoOrder::Updated);
  CHECK_FALSE(asked.ascending);
  CHECK(queryIn("sort=title").ascending);
  CHECK(queryIn("sort=created").ascending);
}

TEST_CASE("all that is wrong with a query is told at once") {
  try {
    queryIn("category=a%20b&state=ready&paid=2&deleted=x&sort=size&tag=" + std::string(201, 'x'));
    FAIL("it was accepted");
  } catch (const Error& error) {
    std::string pointers;
    for (const auto& violation : error.violations()) {
      pointers += violation.pointer;
    }
    CHECK(pointers == "/category/tag/state/paid/deleted/sort");
  }
  CHECK_THROWS_AS(queryIn("creator=0"), Error);
  CHECK_THROWS_AS(queryIn("creator=x"), Error);
}

TEST_CASE("links keep the filters and leave the window out") {
  CHECK(filters("") == "");
  CHECK(filters("skip=3&limit=5").empty());
  CHECK(filters("q=a+b&skip=3&sort=title&limit=5") == "q=a+b&sort=title");
  CHECK(filters("q=a>;rel=x&tag=y") == "tag=y");
}
