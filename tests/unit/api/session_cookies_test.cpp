// The three cookies of a signed-in browser, letter by letter.
#include "api/session_cookies.h"

#include "catch.h"

#include <algorithm>

using namespace reeld;
using namespace reeld::api;

namespace {

std::vector<std::string> setBy(const SessionCookies& cookies) {
  http::Response response;
  users::SessionTokens tokens;
  tokens.access_token = "a.b.c";
  tokens.refresh_token = "r";
  cookies.set(response, tokens);
  std::vector<std::string> values;
  for (const auto& header : response.headers) {
    if (header.name == "Set-Cookie") {
      values.push_back(header.value);
    }
  }
  return values;
}

}  // namespace

TEST_CASE("two cookies that no script reads, and one that scripts look for") {
  const auto values = setBy(SessionCookies(false));
  REQUIRE(values.size() == 3);
  CHECK(values[0] == "access_token=a.b.c; Path=/; SameSite=Lax; HttpOnly");
  CHECK(values[1] == "refresh_token=r; Path=/; SameSite=Lax; HttpOnly");
  CHECK_THAT(values[2], StartsWith("csrftoken=") && EndsWith("; Path=/; SameSite=Lax"));
  CHECK(values[2] != setBy(SessionCookies(false))[2]);
}

TEST_CASE("over HTTPS all of them are Secure") {
  for (const auto& value : setBy(SessionCookies(true))) {
    CHECK_THAT(value, EndsWith("; Secure"));
  }
  for (const auto& header : SessionCookies(true).expired()) {
    CHECK_THAT(header.value, EndsWith("; Secure"));
  }
}

TEST_CASE("an expired cookie is empty and in the past") {
  const auto headers = SessionCookies(false).expired();
  REQUIRE(headers.size() == 3);
  CHECK(headers[0].value ==
        "access_token=; Path=/; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
        "HttpOnly");
}
