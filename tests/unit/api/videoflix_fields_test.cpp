// Bodies of the Videoflix surface: read as JSON or form, trimmed, and refused with all that is
// wrong.
#include "api/videoflix/fields.h"
#include "catch.h"
#include "fakes/fake_exchange.h"
#include "http/problem.h"

using namespace reeld;
using namespace reeld::api::videoflix;
using reeld::test::FakeExchange;

namespace {

FakeExchange withBody(const std::string& type, const std::string& body) {
  FakeExchange exchange;
  exchange.headers["content-type"] = type;
  exchange.body_text = body;
  return exchange;
}

/// "400 {...}" as the surface answers what body throws.
template <class Body>
std::string refusalOf(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    const auto response = http::problem(error, "videoflix", "r");
    return std::to_string(response.status) + " " + std::get<std::string>(response.body);
  }
  return "";
}

}  // namespace

TEST_CASE("a field is its text without the white space around it") {
  for (const char* body : {R"({"email":"  a@example.org\t"})", R"({"email":"a@example.org"})",
                           "{\"email\":\"\\u00a0\\u3000 a@example.org\\u2028\"}"}) {
    Fields fields(withBody("application/json", body));
    CHECK(fields.email("email") == "a@example.org");
    CHECK_NOTHROW(fields.check());
  }
  Fields form(withBody("application/x-www-form-urlencoded", "email=+a%40example.org&x=1"));
  CHECK(form.email("email") == "a@example.org");
}

TEST_CASE("a password that is there already is read as sent, a new one trimmed") {
  Fields fields(
      withBody("application/json", R"({"old":"  a secret ","new":" a secret\t","no":" "})"));
  CHECK(fields.asSent("old") == "  a secret ");
  CHECK(fields.newPassword("new", "") == "a secret");
  CHECK_NOTHROW(fields.check());
  fields.asSent("no");
  CHECK(refusalOf([&] { fields.check(); }) == R"(400 {"no":["This field may not be blank."]})");
}

TEST_CASE("all that is wrong is told at once, by field") {
  Fields fields(withBody("application/json", R"({"a":null,"b":7,"c":" ","email":"x"})"));
  fields.text("a");
  fields.text("b");
  fields.text("c");
  fields.text("d");
  fields.email("email");
  fields.newPassword("password", "x");
  CHECK(refusalOf([&] { fields.check(); }) ==
        R"(400 {"a":["This field is required."],"b":["This field must be a text."],)"
        R"("c":["This field may not be blank."],"d":["This field is required."],)"
        R"("email":["Enter a valid e-mail address."],"password":["This field is required."]})");
}

TEST_CASE("no body is no field, and each other body has its refusal") {
  CHECK_NOTHROW(Fields(withBody("application/json", "")));
  CHECK_NOTHROW(Fields(withBody("text/plain", "")));
  CHECK(refusalOf([] {
          Fields(withBody("application/json", "[]"));
        }).starts_with(R"(400 {"non_field_errors":)"));
  CHECK(refusalOf([] {
          Fields(withBody("application/json", "{"));
        }).starts_with(R"(400 {"detail":)"));
  CHECK(refusalOf([] { Fields(withBody("text/plain", "{}")); }).starts_with(R"(415 {"detail":)"));
  CHECK(refusalOf([] { Fields(withBody("", "{}")); }).starts_with(R"(415 {"detail":)"));
}

TEST_CASE("a vague refusal names no field") {
  CHECK(refusalOf(refuseVaguely).starts_with(R"(400 {"non_field_errors":[")"));
}
