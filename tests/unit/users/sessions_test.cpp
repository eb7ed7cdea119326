// The life of a session: rotation, the grace for two tabs, reuse, and every way it ends.
#include "users/sessions.h"

#include "unit/users/site.h"
#include "users/session_sweep.h"

#include <set>
#include <thread>

using namespace reeld;
using namespace reeld::test;
using users::Carrier;

namespace {

/// Lets time pass since the last rotation, which is by the database's clock.
void age(Site& site, std::int64_t milliseconds) {
  site.run("UPDATE sessions SET rotated_at = rotated_at - " + std::to_string(milliseconds));
}

std::string rotation(Site& site, const std::string& token) {
  return reasonOf([&] { site.sessions.rotate(token, Carrier::Bearer); });
}

bool goesOn(Site& site, const users::SessionTokens& tokens) {
  return site.viewers.find(tokens.session_id, tokens.user_id).has_value();
}

}  // namespace

TEST_CASE("a refresh gives new tokens of the same session") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    const auto first = site.signIn("ann@example.org");
    CHECK(first.refresh_seconds == 7 * 86'400);
    const auto second = site.sessions.rotate(first.refresh_token, Carrier::Cookies);
    CHECK(second.session_id == first.session_id);
    CHECK(second.user_id == first.user_id);
    CHECK(second.refresh_token != first.refresh_token);
    CHECK(second.access_token != first.access_token);
    CHECK(first.access_seconds == 15 * 60);
    CHECK(second.access_seconds == 30 * 60);
    const auto token =
        site.signer.verify(TokenPurpose::Access, second.access_token, site.clock.now());
    REQUIRE(token.verdict == TokenVerdict::Ok);
    CHECK(token.claims.find("sid")->text() == first.session_id);
    CHECK(goesOn(site, second));
  }
}

TEST_CASE("within ten seconds of the rotation the token before it gives the current one again") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    const auto first = site.signIn("ann@example.org");
    const auto second = site.sessions.rotate(first.refresh_token, Carrier::Bearer);
    age(site, 9'000);
    const auto other_tab = site.sessions.rotate(first.refresh_token, Carrier::Bearer);
    CHECK(other_tab.refresh_token == second.refresh_token);
    CHECK(site.count("SELECT generation FROM sessions") == 1);
    CHECK(rotation(site, second.refresh_token).empty());
  }
}

TEST_CASE("a token spent at a time that is yet to come is refused, and its session goes on") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    const auto first = site.signIn("ann@example.org");
    const auto second = site.sessions.rotate(first.refresh_token, Carrier::Bearer);
    age(site, -60'000);
    CHECK(rotation(site, first.refresh_token) == "refresh-reused");
    CHECK(goesOn(site, second));
    const auto third = site.sessions.rotate(second.refresh_token, Carrier::Bearer);
    // Two rotations back it is reuse, whatever the clock says.
    age(site, -60'000);
    CHECK(rotation(site, first.refresh_token) == "refresh-reused");
    CHECK_FALSE(goesOn(site, third));
  }
}

TEST_CASE("a spent token ends the session, and its grants") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    const auto first = site.signIn("ann@example.org");
    const auto second = site.sessions.rotate(first.refresh_token, Carrier::Bearer);
    age(site, 11'000);
    CHECK(goesOn(site, second));
    CHECK(rotation(site, first.refresh_token) == "refresh-reused");
    CHECK_FALSE(goesOn(site, second));
    CHECK(rotation(site, second.refresh_token) == "session-ended");
    CHECK(rotation(site, first.refresh_token) == "session-ended");
    CHECK(site.count("SELECT COUNT(*) FROM revocations WHERE session_id = '" + first.session_id +
                     "'") == 1);
  }
}

TEST_CASE("the token before the previous one has no grace") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  const auto first = site.signIn("ann@example.org");
  const auto second = site.sessions.rotate(first.refresh_token, Carrier::Bearer);
  site.sessions.rotate(second.refresh_token, Carrier::Bearer);
  CHECK(rotation(site, first.refresh_token) == "refresh-reused");
}

TEST_CASE("many tabs that refresh at once all get the same next token") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    const auto first = site.signIn("ann@example.org");
    Guarded<std::set<std::string>> given;
    std::vector<std::jthread> tabs;
    for (int i = 0; i < 8; ++i) {
      tabs.emplace_back([&] {
        const auto tokens = site.sessions.rotate(first.refresh_token, Carrier::Cookies);
        given.with([&](auto& all) { all.insert(tokens.refresh_token); });
      });
    }
    tabs.clear();
    CHECK(given.with([](auto& all) { return all.size(); }) == 1);
    CHECK(site.count("SELECT generation FROM sessions") == 1);
  }
}

TEST_CASE("what is no refresh token of ours is refused and changes nothing") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  const auto tokens = site.signIn("ann@example.org");
  std::string tampered = tokens.refresh_token;
  tampered[3] = tampered[3] == 'A' ? 'B' : 'A';
  const users::RefreshTokens other_site(std::string(32, 'o'));
  const std::string foreign = other_site.issue({.session_id = tokens.session_id, .generation = 0});
  for (const std::string& token :
       {std::string(), std::string("x"), tampered, foreign, tokens.access_token,
        tokens.refresh_token + "A", std::string(1 << 20, 'A')}) {
    CHECK(rotation(site, token) == "refresh-invalid");
    CHECK_FALSE(site.sessions.endByRefresh(token));
  }
  CHECK(goesOn(site, tokens));
  CHECK(site.count("SELECT generation FROM sessions") == 0);
}

TEST_CASE("a session ends idle after seven days, and after thirty whatever is refreshed") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  constexpr std::int64_t Day = 86'400'000;
  const auto idle = site.signIn("ann@example.org");
  auto busy = site.signIn("ann@example.org");
  for (int days = 0; days < 24; days += 6) {
    site.clock.advance(6 * Day);
    busy = site.sessions.rotate(busy.refresh_token, Carrier::Bearer);
  }
  CHECK(rotation(site, idle.refresh_token) == "session-ended");
  CHECK(busy.refresh_seconds == 6 * 86'400);
  site.clock.advance(6 * Day - 60'000);
  busy = site.sessions.rotate(busy.refresh_token, Carrier::Bearer);
  CHECK(busy.access_seconds == 60);  // the access token does not outlive its session
  site.clock.advance(60'000);
  CHECK(rotation(site, busy.refresh_token) == "session-ended");
  CHECK_FALSE(goesOn(site, busy));
}

TEST_CASE("a session of one who is gone or deactivated cannot be refreshed") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    for (const char* change : {"is_active = 0", "deleted_at = 1"}) {
      const std::string email = std::string(change).substr(0, 3) + "@example.org";
      site.add(email);
      const auto tokens = site.signIn(email);
      site.run(std::string("UPDATE users SET ") + change + " WHERE email = '" + email + "'");
      CHECK(rotation(site, tokens.refresh_token) == "session-ended");
    }
  }
}

TEST_CASE("signing out ends the session it names, and only for its owner") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    site.add("bob@example.org");
    const auto here = site.signIn("ann@example.org");
    const auto there = site.signIn("ann@example.org");
    const auto bobs = site.signIn("bob@example.org");
    CHECK(goesOn(site, here));
    CHECK_FALSE(site.sessions.end(bobs.user_id, here.session_id));
    CHECK(goesOn(site, here));
    CHECK(site.sessions.end(here.user_id, here.session_id));
    CHECK_FALSE(goesOn(site, here));
    CHECK_FALSE(site.sessions.end(here.user_id, here.session_id));
    CHECK(goesOn(site, there));
    CHECK(site.sessions.endByRefresh(there.refresh_token));
    CHECK_FALSE(goesOn(site, there));
    CHECK_FALSE(site.sessions.endByRefresh(there.refresh_token));
    CHECK(goesOn(site, bobs));
  }
}

TEST_CASE("signing out everywhere may keep the session at hand, and spares others' sessions") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    site.add("bob@example.org");
    const auto bobs = site.signIn("bob@example.org");
    const auto here = site.signIn("ann@example.org");
    const auto there = site.signIn("ann@example.org");
    CHECK(site.sessions.endAll(here.user_id, here.session_id) == 1);
    CHECK(goesOn(site, here));
    CHECK_FALSE(goesOn(site, there));
    CHECK(site.sessions.endAll(here.user_id) == 1);
    CHECK_FALSE(goesOn(site, here));
    CHECK(goesOn(site, bobs));
    CHECK(site.count("SELECT COUNT(*) FROM revocations WHERE session_id IS NOT NULL") == 2);
  }
}

TEST_CASE("sessions are listed newest first, with the client they were begun by") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto id = site.add("ann@example.org");
    const auto from = [&](const std::string& agent) {
      site.clock.advance(1);
      return site.sign_in
          ->byPassword("ann@example.org", Secret("correct horse"), {"2001:db8::1", agent})
          .session_id;
    };
    const auto first = from("one");
    const auto second = from(std::string(199, 'x') + "\xc3\xbc");
    const auto third = from("\xff");
    site.sessions.end(id, first);
    const auto page = site.sessions.list(id, 0, 10);
    CHECK(page.total == 2);
    REQUIRE(page.sessions.size() == 2);
    CHECK(page.sessions[0].id == third);
    CHECK(page.sessions[0].user_agent.empty());
    CHECK(page.sessions[1].id == second);
    CHECK(page.sessions[1].user_agent == std::string(199, 'x'));
    CHECK(page.sessions[1].address == "2001:db8::1");
    CHECK(site.sessions.list(id, 1, 10).sessions.size() == 1);
  }
}

TEST_CASE("rows of sessions go a day after their time, whoever's they are") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    site.add("bob@example.org");
    for (int i = 0; i < 3; ++i) {
      site.signIn("ann@example.org");
    }
    constexpr std::int64_t Day = 86'400'000;
    site.clock.advance(7 * Day);
    const auto bobs = site.signIn("bob@example.org");
    users::SessionSweep sweep(*site.database, site.clock, site.sandbox.log);
    site.clock.advance(Day);
    sweep.run();
    CHECK(site.count("SELECT COUNT(*) FROM sessions") == 4);
    site.clock.advance(1);
    sweep.run();
    CHECK(site.count("SELECT COUNT(*) FROM sessions") == 1);
    CHECK(goesOn(site, bobs));
  }
}

TEST_CASE("a thousand rows and more go in one sweep") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  site.run(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201) "
      "INSERT INTO sessions (id, user_id, rotated_at, created_at, expires_at) "
      "SELECT 'session ' || i, 1, 1, 1, 1 FROM n");
  users::SessionSweep sweep(*site.database, site.clock, site.sandbox.log);
  sweep.run();
  CHECK(site.count("SELECT COUNT(*) FROM sessions") == 0);
}

TEST_CASE("rows of sessions whose time is over go at the next sign-in") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  site.signIn("ann@example.org");
  site.clock.advance(8LL * 86'400'000);
  site.signIn("ann@example.org");
  CHECK(site.count("SELECT COUNT(*) FROM sessions") == 1);
}
