// For an address that nobody has: whose record stands in, and that all kinds of records do.
#include "users/stand_in.h"

#include "site.h"

#include <algorithm>
#include <set>

using namespace reeld;
using namespace reeld::test;

TEST_CASE(
    "an unknown address is held against the same user's record each time, and all users' are") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    users::StandIn stand_in(*site.database, SiteSecret);
    for (int i = 0; i < 8; ++i) {
      site.registration->add("user" + std::to_string(i) + "@example.org",
                             Secret("a long secret " + std::to_string(i)));
    }
    stand_in.prepare(site.password);
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
      const std::string email = "nobody" + std::to_string(i) + "@example.org";
      const std::string record = stand_in.recordFor(site.password, email);
      CHECK(record == stand_in.recordFor(site.password, "NOBODY" + email.substr(6)));
      seen.insert(record);
    }
    CHECK(seen.size() == 8);
    CHECK(seen.count("plain:a long secret 7") == 1);
  }
}

TEST_CASE("one place more takes its points from one other and moves no more of them") {
  constexpr std::uint64_t Points = 1 << 12;
  for (std::int64_t count = 1; count < 200; ++count) {
    std::vector<int> hits(static_cast<std::size_t>(count));
    int moved = 0;
    for (std::uint64_t point = 0; point < Points; ++point) {
      const std::int64_t place = users::placeAmong(count, point);
      ++hits.at(static_cast<std::size_t>(place));
      const std::int64_t next = users::placeAmong(count + 1, point);
      moved += next == place ? 0 : 1;
      REQUIRE((next == place || next == count));
    }
    const auto [fewest, most] = std::minmax_element(hits.begin(), hits.end());
    REQUIRE(*fewest > 0);
    REQUIRE(*most <= 2 * *fewest + 2);
    REQUIRE(moved <= *most);
  }
}

namespace {

/// So many users more with records of that kind, numbered on.
void bring(Site& site, const std::string& kind, int how_many) {
  const std::string from =
      "FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
      "WHERE i < " +
      std::to_string(how_many) + ") SELECT i FROM n) AS numbers ";
  const std::string email = "'" + kind + "' || CAST(i AS TEXT) || '@example.org'";
  site.run("INSERT INTO users (email, email_key, name, role, created_at) SELECT " + email + ", " +
           email + ", '', 'VIEWER', 1 " + from + "ORDER BY i");
  site.run(
      "INSERT INTO credentials (user_id, provider, record, created_at, updated_at) "
      "SELECT id, 'password', '" +
      kind + "' || CAST(id AS TEXT), 1, 1 FROM users WHERE email LIKE '" + kind + "%' ORDER BY id");
}

std::vector<std::string> recordsFor(users::StandIn& stand_in, Site& site, int addresses) {
  std::vector<std::string> records;
  stand_in.prepare(site.password);
  for (int i = 0; i < addresses; ++i) {
    records.push_back(
        stand_in.recordFor(site.password, "nobody" + std::to_string(i) + "@example.org"));
  }
  return records;
}

}  // namespace

TEST_CASE("a record that stands in stays the same while others register") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    users::StandIn stand_in(*site.database, SiteSecret);
    bring(site, "early", 1000);
    const auto before = recordsFor(stand_in, site, 100);
    bring(site, "late", 20);
    const auto after = recordsFor(stand_in, site, 100);
    int moved = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      moved += before[i] == after[i] ? 0 : 1;
      CHECK((before[i] == after[i] || after[i].starts_with("late")));
    }
    CHECK(moved <= 8);  // two of a hundred are to be expected
  }
}

TEST_CASE("records stand in for each other's kind, whichever came first") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    users::StandIn stand_in(*site.database, SiteSecret);
    bring(site, "early", 600);
    bring(site, "late", 300);
    const auto records = recordsFor(stand_in, site, 200);
    const auto late = std::count_if(records.begin(), records.end(),
                                    [](const auto& record) { return record.starts_with("late"); });
    CHECK(late > 30);
    CHECK(late < 120);
  }
}

TEST_CASE("which record stands in cannot be worked out without the site's secret") {
  Site site(db::Dialect::Sqlite);
  for (int i = 0; i < 8; ++i) {
    site.registration->add("user" + std::to_string(i) + "@example.org",
                           Secret("a long secret " + std::to_string(i)));
  }
  users::StandIn ours(*site.database, SiteSecret);
  users::StandIn theirs(*site.database, std::string(32, 'x'));
  ours.prepare(site.password);
  theirs.prepare(site.password);
  int same = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string email = "nobody" + std::to_string(i) + "@example.org";
    same += ours.recordFor(site.password, email) == theirs.recordFor(site.password, email) ? 1 : 0;
  }
  CHECK(same < 100);
}

TEST_CASE("where nobody has a record one that was made for it stands in") {
  Site site(db::Dialect::Sqlite);
  site.stand_in.prepare(site.password);
  site.stand_in.prepare(site.password);
  CHECK(site.password.enrolled == 1);
  CHECK(site.stand_in.recordFor(site.password, "nobody@example.org").starts_with("plain:"));
}
