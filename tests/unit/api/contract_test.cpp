// The contract that travels in the program is sound JSON.
#include "api/contract.h"

#include "base/json.h"
#include "catch.h"
#include "fakes/fake_exchange.h"

using namespace reeld;

TEST_CASE("the contract is served as JSON, the same text each time") {
  const auto route = api::contractRoute();
  test::FakeExchange exchange;
  const auto first = route.handler(exchange);
  const auto second = route.handler(exchange);
  const auto& text = std::get<http::SharedText>(first.body);
  CHECK(text == std::get<http::SharedText>(second.body));
  const Json json = Json::parse(*text);
  CHECK(json.find("openapi")->text() == "3.1.0");
  const Json* operation = json.find("paths")->find("/api/v1/videos/{id}")->find("get");
  REQUIRE(operation != nullptr);
  CHECK(operation->find("responses")->find("404") != nullptr);
}
