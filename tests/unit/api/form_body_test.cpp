// Forms become objects of strings, and odd ones are refused.
#include "api/form_body.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fake_exchange.h"

using namespace reeld;
using namespace reeld::api;
using reeld::test::FakeExchange;

namespace {

std::optional<Json> formIn(const std::string& type, const std::string& body) {
  FakeExchange exchange;
  exchange.headers["content-type"] = type;
  exchange.body_text = body;
  return readForm(exchange);
}

constexpr const char* UrlEncoded = "application/x-www-form-urlencoded";

}  // namespace

TEST_CASE("a url-encoded form is decoded") {
  const auto form =
      formIn(UrlEncoded, "username=ann%40example.org&password=a+b%26c%C3%BC&empty=&bare");
  REQUIRE(form);
  CHECK(form->find("username")->text() == "ann@example.org");
  CHECK(form->find("password")->text() == "a b&c\xc3\xbc");
  CHECK(form->find("empty")->text().empty());
  CHECK(form->find("bare")->text().empty());
}

TEST_CASE("a multipart form is decoded") {
  const auto form =
      formIn("multipart/form-data; boundary=B",
             "--B\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nann\r\n"
             "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nx\r\ny\r\n--B--\r\n");
  REQUIRE(form);
  CHECK(form->find("username")->text() == "ann");
  CHECK(form->find("password")->text() == "x\r\ny");
}

TEST_CASE("what is no form is none, and what is a broken one is refused") {
  CHECK_FALSE(formIn("application/json", "{}"));
  CHECK_FALSE(formIn("", ""));
  for (const auto& [type, body] : {std::pair<std::string, std::string>{UrlEncoded, "a=%zz"},
                                   {UrlEncoded, "a=%00"},
                                   {UrlEncoded, "a=%ff"},
                                   {UrlEncoded, "a=1&a=2"},
                                   {"multipart/form-data", "x"},
                                   {"multipart/form-data; boundary=B", "--B\r\n"}}) {
    INFO(type << " " << body);
    CHECK_THROWS_AS(formIn(type, body), Error);
  }
}
