// Bodies: everything that is wrong is told at once, with pointers.
#include "api/body_fields.h"

#include "api/video_fields.h"
#include "catch.h"
#include "fakes/fake_exchange.h"
#include "http/problem.h"

using namespace reeld;
using namespace reeld::api;
using reeld::test::FakeExchange;

namespace {

/// "/title /price" of what is refused; "" if nothing is.
template <class Body>
std::string refusedBy(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Invalid);
    std::string all;
    for (const auto& violation : error.violations()) {
      all += (all.empty() ? "" : " ") + violation.pointer;
    }
    return all.empty() && !error.violations().empty() ? "(body)" : all;
  }
  return "";
}

std::string draftFaults(const std::string& json) {
  return refusedBy([&] { readDraft(Json::parse(json)); });
}

std::string bodyFault(const std::string& type, const std::string& body) {
  FakeExchange exchange;
  exchange.path_text = "/api/v1/videos/";
  exchange.headers["content-type"] = type;
  exchange.body_text = body;
  try {
    readJsonObject(exchange);
  } catch (const Error& error) {
    REQUIRE(error.violations().size() == 1);
    return error.violations()[0].message;
  }
  return "";
}

}  // namespace

TEST_CASE("only a JSON object under a JSON content type is a body") {
  CHECK(bodyFault("application/json", "{}").empty());
  CHECK(bodyFault("application/merge-patch+json", "{}").empty());
  CHECK(bodyFault("text/plain", "{}").find("content type") != std::string::npos);
  CHECK(bodyFault("", "{}").find("content type") != std::string::npos);
  CHECK(bodyFault("application/json", "[]") == "must be a JSON object");
  CHECK(bodyFault("application/json", "").find("not valid JSON") != std::string::npos);
  CHECK(bodyFault("application/json", "{\"a\":1").find("not valid JSON") != std::string::npos);
  CHECK(bodyFault("application/json", "{\"a\":\"\\u0000\"}").find("NUL") != std::string::npos);
  CHECK(bodyFault("application/json", "{\"a\":\"\xff\"}").find("not valid JSON") !=
        std::string::npos);
}

TEST_CASE("another content type is 422 in v1 and 415 elsewhere") {
  for (const auto& [path, status] :
       {std::pair{"/api/v1/videos/", 422}, {"/api/login/", 415}, {"/x/audit/", 415}}) {
    FakeExchange exchange;
    exchange.path_text = path;
    exchange.headers["content-type"] = "text/plain";
    try {
      readJsonObject(exchange);
      FAIL("it was read");
    } catch (const Error& error) {
      CHECK(http::statusOf(error) == status);
      CHECK(error.reason() == "media-type");
      CHECK(std::string(error.what()).find("application/json") != std::string::npos);
    }
  }
}

TEST_CASE("a refused body does not repeat what was sent") {
  CHECK(bodyFault("application/json", "{\"password\":\"hunter22\"").find("hunter22") ==
        std::string::npos);
}

TEST_CASE("a draft is read with its defaults, unknown members are ignored") {
  const auto draft = readDraft(Json::parse(R"({"title":"T","views":7,"creator_id":1})"));
  CHECK(draft.title == "T");
  CHECK_FALSE(draft.description);
  CHECK(draft.category == "miscellaneous");
  CHECK_FALSE(draft.is_paid);
  CHECK_FALSE(draft.price_minor);
}

TEST_CASE("every wrong member of a draft is named") {
  CHECK(draftFaults("{}") == "/title");
  CHECK(draftFaults(R"({"title":null})") == "/title");
  CHECK(draftFaults(
            R"({"title":7,"description":[],"category":{},"is_paid":"perhaps","price":true})") ==
        "/title /description /category /is_paid /price");
  CHECK(draftFaults(R"({"title":"","is_paid":true})") == "/title /price");
  CHECK(draftFaults(R"({"title":"T","is_paid":true,"price":null})") == "/price");
  CHECK(draftFaults(R"({"title":"T","is_paid":true,"price":0})") == "/price");
}

TEST_CASE("prices come as numbers or strings, exactly") {
  const auto priced = [](const std::string& price) {
    return readDraft(Json::parse(R"({"title":"T","is_paid":true,"price":)" + price + "}"))
        .price_minor;
  };
  CHECK(priced("9.99") == 999);
  CHECK(priced("\"9.99\"") == 999);
  CHECK(priced("5") == 500);
  CHECK(priced("0.1") == 10);
  CHECK(priced("999999.99") == 99'999'999);
  for (const char* price : {"9.999", "9.990000000000000001", "-1", "1e3", "1000000", "\"\"",
                            "\"1e3\"", "\" 9\"", "\"NaN\"", "\"Infinity\"", "1e308", "[]"}) {
    INFO(price);
    CHECK(draftFaults(R"({"title":"T","is_paid":true,"price":)" + std::string(price) + "}") ==
          "/price");
  }
}

TEST_CASE("truth values are also taken as the words of forms") {
  const auto flag = [](const std::string& value) {
    const Json json = Json::parse("{\"f\":" + value + "}");
    BodyFields fields(json);
    const auto read = fields.flag("f");
    return fields.refused() ? std::string("refused") : !read ? "absent" : *read ? "yes" : "no";
  };
  for (const char* yes : {"true", "\"true\"", "\"1\"", "1", "\"on\""}) {
    CHECK(flag(yes) == "yes");
  }
  for (const char* no : {"false", "\"false\"", "\"0\"", "0"}) {
    CHECK(flag(no) == "no");
  }
  CHECK(flag("null") == "absent");
  for (const char* odd : {"2", "\"maybe\"", "[]", "1.0"}) {
    CHECK(flag(odd) == "refused");
  }
}

TEST_CASE("a change tells a price that is named from one that is not") {
  CHECK_FALSE(readChange(Json::parse("{}")).sets_price);
  const auto cleared = readChange(Json::parse(R"({"price":null})"));
  CHECK(cleared.sets_price);
  CHECK_FALSE(cleared.price_minor);
  CHECK_FALSE(readChange(Json::parse(R"({"title":null})")).title);
}
