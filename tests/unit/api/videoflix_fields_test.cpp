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

FakeExchange bodyOf(const std::string& type, const std::string& body) {
  FakeExchange exchange;
  exchange.headers["content-type"] = type;
  exchange.body_text = body;
  return exchange;
}

/// "400 {...}" as the surface answers what body throws.
template <class Body>
std::string refusal(Body&& body) {
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
    Fields fields(bodyOf("application/json", body));
    CHECK(fields.email("email") == "a@example.org");
    CHECK_NOTHROW(fields.check());
  }
  Fields form(bodyOf("application/x-www-form-urlencoded", "email=+a%40example.org&x=1"));
  CHECK(form.email("email") == "a@example.org");
}

TEST_CASE("a password that is there already is read as sent, a new one trimmed") {
  Fields fields(
      bodyOf("application/json", R"({"old":"  a secret ","new":" a secret\t","no":" "})"));
  CHECK(fields.asSent("old") == "  a secret ");
  CHECK(fields.newPassword("new", "") == "a secret");
  CHECK_NOTHROW(fields.check());
  fields.asSent("no");
  CHECK(refusal([&] { fields.check(); }) == R"(400 {"no":["This field may not be blank."]})");
}

TEST_CASE("all that is wrong is told at once, by field") {
  Fields fields(bodyOf("application/json", R"({"a":null,"b":7,"c":" ","email":"x"})"));
  fields.text("a");
  fields.text("b");
  fields.text("c");
  fields.text("d");
  fields.email("email");
  fields.newPassword("password", "x");
  CHECK(refusal([&] { fields.check(); }) ==
        R"(400 {"a":["This field is required."],"b":["This field must be a text."],)"
        R"("c":["This field may not be blank."],"d":["This field is required."],)"
        R"("email":["Enter a valid e-mail address."],"password":["This field is required."]})");
}

TEST_CASE("no body is no field, and each other body has its refusal") {
  CHECK_NOTHROW(Fields(bodyOf("application/json", "")));
  CHECK_NOTHROW(Fields(bodyOf("text/plain", "")));
  CHECK(refusal([] {
          Fields(bodyOf("application/json", "[]"));
        }).starts_with(R"(400 {"non_field_errors":)"));
  CHECK(refusal([] { Fields(bodyOf("application/json", "{")); }).starts_with(R"(400 {"detail":)"));
  CHECK(refusal([] { Fields(bodyOf("text/plain", "{}")); }).starts_with(R"(415 {"detail":)"));
  CHECK(refusal([] { Fields(bodyOf("", "{}")); }).starts_with(R"(415 {"detail":)"));
}

TEST_CASE("a vague refusal names no field") {
  CHECK(refusal(refuseVaguely).starts_with(R"(400 {"non_field_errors":[")"));
}
