// Who may change something by cookie: our own pages and those who are no page, not a foreign one.
#include "api/cross_site.h"

#include "api/guard.h"
#include "fakes/fake_exchange.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::api;
using namespace reeld::test;
using http::Method;

namespace {

bool passes(Method method, bool cross_site) {
  FakeExchange exchange;
  exchange.method_asked = method;
  exchange.cross_site = cross_site;
  return codeOf([&] { refuseCrossSite(exchange); }) == ErrorCode::Ok;
}

}  // namespace

TEST_CASE("a foreign page may read and change nothing") {
  for (const Method method : {Method::Get, Method::Head, Method::Options}) {
    CHECK(passes(method, true));
  }
  for (const Method method : {Method::Post, Method::Put, Method::Patch, Method::Delete}) {
    CHECK_FALSE(passes(method, true));
    CHECK(passes(method, false));
  }
}

TEST_CASE("the guard heeds the cookie of a foreign page for reading alone, and a token always") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  const Guard guard(site.viewers, site.signer, site.clock);
  const std::string token = site.signIn("ann@example.org").access_token;
  const auto entered = [&](const std::string& header, const std::string& value, Method method) {
    FakeExchange exchange;
    exchange.headers[header] = value;
    exchange.method_asked = method;
    exchange.cross_site = true;
    guard.identify(exchange);
    return reasonOf([&] { guard.admit(exchange, http::Access::User); });
  };
  CHECK(entered("cookie", "access_token=" + token, Method::Post) == "cross-site");
  CHECK(entered("cookie", "access_token=" + token, Method::Get).empty());
  CHECK(entered("authorization", "Bearer " + token, Method::Post).empty());
}
