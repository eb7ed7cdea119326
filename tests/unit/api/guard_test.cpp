// From a header to a viewer: what the loop may say by itself, and what only the database knows.
#include "api/guard.h"

#include "fakes/fake_exchange.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::api;
using namespace reeld::test;
using http::Access;
using users::Role;

namespace {

struct Door : Site {
  explicit Door(db::Dialect dialect) : Site(dialect) {}
  Guard guard{viewers, signer, clock};

  std::string token(const std::string& email) { return signIn(email).access_token; }
  /// The reason of the refusal, "denied", or the role that was let in.
  std::string enter(const std::string& authorization, Access access,
                    const std::string& cookie = {}) {
    FakeExchange exchange;
    if (!authorization.empty()) {
      exchange.headers["authorization"] = authorization;
    }
    if (!cookie.empty()) {
      exchange.headers["cookie"] = cookie;
    }
    guard.identify(exchange);
    try {
      const auto viewer = guard.admit(exchange, access);
      CHECK(viewerOf(exchange).user_id == viewer.user_id);
      return std::string(users::word(viewer.role));
    } catch (const Error& error) {
      return error.code() == ErrorCode::Denied ? "denied" : error.reason();
    }
  }
};

}  // namespace

TEST_CASE("a good token lets in, with the role of this moment") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Door door(dialect);
    const auto id = door.add("ann@example.org");
    const std::string token = door.token("ann@example.org");
    CHECK(door.enter("Bearer " + token, Access::User) == "VIEWER");
    CHECK(door.enter("bEaReR  " + token, Access::User) == "VIEWER");
    CHECK(door.enter("Bearer " + token, Access::Creator) == "denied");
    CHECK(door.enter("Bearer " + token, Access::Admin) == "denied");
    door.directory.changeRole(id, Role::Creator, std::nullopt);
    CHECK(door.enter("Bearer " + token, Access::Creator) == "CREATOR");
    CHECK(door.enter("Bearer " + token, Access::Admin) == "denied");
    door.directory.changeRole(id, Role::Admin, std::nullopt);
    CHECK(door.enter("Bearer " + token, Access::Admin) == "ADMIN");
  }
}

TEST_CASE("every refusal has a reason of its own") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Door door(dialect);
    door.add("ann@example.org");
    const std::string token = door.token("ann@example.org");
    CHECK(door.enter("", Access::User) == "credential-missing");
    CHECK(door.enter("Basic dTpw", Access::User) == "credential-missing");
    CHECK(door.enter("Bearer", Access::User) == "credential-missing");
    CHECK(door.enter("Bearer nonsense", Access::User) == "token-malformed");
    CHECK(door.enter("Bearer " + token + "x", Access::User) == "token-malformed");
    std::string forged = token;
    char& character = forged[forged.size() - 10];
    character = character == 'A' ? 'B' : 'A';
    CHECK(door.enter("Bearer " + forged, Access::User) == "token-forged");
    const std::string play = door.signer.sign(TokenPurpose::Play, Json(Json::Object()),
                                              door.clock.now(), door.clock.now() + 60'000);
    CHECK_FALSE(door.enter("Bearer " + play, Access::User).empty());
    CHECK(door.enter("Bearer " + play, Access::User).starts_with("token-"));
    door.run("UPDATE sessions SET revoked_at = 1");  // as by another daemon
    door.clock.advance(users::ViewerCache::FreshMs);
    CHECK(door.enter("Bearer " + token, Access::User) == "session-ended");
    door.clock.advance(16 * 60'000);
    CHECK(door.enter("Bearer " + token, Access::User) == "token-expired");
  }
}

TEST_CASE("a cookie carries the token as well as a header, but not both at once") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Door door(dialect);
    door.add("ann@example.org");
    const std::string token =
        door.signIn("ann@example.org", "correct horse", users::Carrier::Cookies).access_token;
    const std::string cookie = "csrftoken=x; access_token=" + token + "; theme=dark";
    CHECK(door.enter("", Access::User, cookie) == "VIEWER");
    CHECK(door.enter("", Access::User, "access_token=" + token + "x") == "token-malformed");
    CHECK(door.enter("Bearer " + token, Access::User, cookie) == "credentials-mixed");
    // Nor is one hidden behind one that was emptied.
    const std::string second = "access_token=; access_token=" + token;
    CHECK(door.enter("Bearer " + token, Access::User, second) == "credentials-mixed");
    CHECK(door.enter("", Access::User, second) == "VIEWER");
    // What is no credential of ours does not count as one.
    CHECK(door.enter("Basic dTpw", Access::User, cookie) == "VIEWER");
    CHECK(door.enter("Bearer " + token, Access::User, "access_token=; theme=dark") == "VIEWER");
    door.clock.advance(16 * 60'000);
    CHECK(door.enter("", Access::User, cookie) == "VIEWER");
    door.clock.advance(15 * 60'000);
    CHECK(door.enter("", Access::User, cookie) == "token-expired");
  }
}

TEST_CASE(
    "v1 takes no request with both, whatever the route; a public one elsewhere looks at none") {
  Door door(db::Dialect::Sqlite);
  FakeExchange exchange;
  exchange.headers = {{"authorization", "Bearer x"}, {"cookie", "access_token=y"}};
  door.guard.identify(exchange);
  http::Route route;
  for (const bool guards_itself : {false, true}) {
    for (const Access access : {Access::Public, Access::User}) {
      route.guards_itself = guards_itself;
      route.access = access;
      route.pattern = "/api/v1/auth/login";
      CHECK(reasonOf([&] { door.guard.check(exchange, route); }) == "credentials-mixed");
    }
  }
  route.guards_itself = false;
  route.pattern = "/api/video";
  CHECK(reasonOf([&] { door.guard.check(exchange, route); }) == "credentials-mixed");
  route.access = Access::Public;
  route.pattern = "/api/login";
  CHECK_NOTHROW(door.guard.check(exchange, route));
}

TEST_CASE("a token without a user is malformed") {
  Door door(db::Dialect::Sqlite);
  for (const char* sub : {"0", "-1", "1x", "", "99999999999999999999"}) {
    Json claims;
    claims.set("sub", sub);
    const auto token =
        door.signer.sign(TokenPurpose::Access, claims, door.clock.now(), door.clock.now() + 1000);
    CHECK(door.enter("Bearer " + token, Access::User) == "token-malformed");
  }
  const auto none = door.signer.sign(TokenPurpose::Access, Json(Json::Object()), door.clock.now(),
                                     door.clock.now() + 1000);
  CHECK(door.enter("Bearer " + none, Access::User) == "token-malformed");
}

TEST_CASE("the guard leaves alone what is public or guards itself") {
  Door door(db::Dialect::Sqlite);
  FakeExchange exchange;
  http::Route route;
  route.access = Access::Public;
  CHECK_NOTHROW(door.guard.check(exchange, route));
  route.access = Access::Admin;
  CHECK_THROWS_AS(door.guard.check(exchange, route), Error);
  route.guards_itself = true;
  CHECK_NOTHROW(door.guard.check(exchange, route));
  CHECK_THROWS_AS(viewerOf(exchange), Error);
}
