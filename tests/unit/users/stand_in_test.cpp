// For an address that nobody has: whose record stands in, and that all kinds of records do.
#include "users/stand_in.h"

#include "site.h"

#include <set>

using namespace reeld;
using namespace reeld::test;

TEST_CASE(
    "an unknown address is held against the same user's record each time, and all users' are") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    users::StandIn stand_in(*site.database, SiteSecret);
    stand_in.prepare(site.password);
    for (int i = 0; i < 8; ++i) {
      site.registration->add("user" + std::to_string(i) + "@example.org",
                             Secret("a long secret " + std::to_string(i)));
    }
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

TEST_CASE("a record that stands in stays the same while others register") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    users::StandIn stand_in(*site.database, SiteSecret);
    stand_in.prepare(site.password);
    int people = 0;
    const auto registers = [&](int how_many) {
      for (int i = 0; i < how_many; ++i) {
        const std::string who = std::to_string(++people);
        site.registration->add("user" + who + "@example.org", Secret("a long secret " + who));
      }
    };
    const auto standIns = [&] {
      std::vector<std::string> records;
      for (int i = 0; i < 100; ++i) {
        records.push_back(
            stand_in.recordFor(site.password, "nobody" + std::to_string(i) + "@example.org"));
      }
      return records;
    };
    registers(34);
    const auto before = standIns();
    registers(20);
    CHECK(standIns() == before);
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
