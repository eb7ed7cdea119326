// The memory of who is behind a session: it saves queries, and never outlives what it remembers.
#include "users/viewer_cache.h"

#include "unit/users/site.h"

#include <thread>

using namespace reeld;
using namespace reeld::test;
using users::Role;

TEST_CASE("a session gives no viewer once it is revoked, expired or its user is gone") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto ann = site.signedIn("ann@example.org");
    const auto good = [&] {
      site.viewers.forget();
      return site.viewers.find(ann.session_id, ann.user_id).has_value();
    };
    CHECK(good());
    CHECK_FALSE(site.viewers.find(ann.session_id, ann.user_id + 1));
    CHECK_FALSE(site.viewers.find("", ann.user_id));
    for (const char* end : {"UPDATE sessions SET revoked_at = 1", "UPDATE users SET is_active = 0",
                            "UPDATE users SET is_active = 1, deleted_at = 5"}) {
      site.run(end);
      CHECK_FALSE(good());
      site.run("UPDATE sessions SET revoked_at = NULL");
    }
    site.run("UPDATE users SET deleted_at = NULL");
    CHECK(good());
    site.clock.advance(7 * 86'400'000LL);
    CHECK_FALSE(site.viewers.find(ann.session_id, ann.user_id));
  }
}

TEST_CASE("what this daemon changes holds at once, what another did within half a second") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto ann = site.signedIn("ann@example.org");
    const auto role = [&] { return site.viewers.find(ann.session_id, ann.user_id)->role; };
    CHECK(role() == Role::Viewer);
    site.directory.changeRole(ann.user_id, Role::Creator, std::nullopt);
    CHECK(role() == Role::Creator);
    site.run("UPDATE users SET role = 'VIEWER'");  // nobody here is told
    CHECK(role() == Role::Creator);
    site.clock.advance(users::ViewerCache::FreshMs);
    CHECK(role() == Role::Viewer);
  }
}

TEST_CASE("a session remembered for one user is none of another's") {
  Site site(db::Dialect::Sqlite);
  const auto ann = site.signedIn("ann@example.org");
  const auto bob = site.signedIn("bob@example.org");
  CHECK(site.viewers.find(ann.session_id, ann.user_id));
  CHECK_FALSE(site.viewers.find(ann.session_id, bob.user_id));
  CHECK(site.viewers.find(ann.session_id, ann.user_id));
}

TEST_CASE("many sessions at once stay apart, and the memory is bounded") {
  Site site(db::Dialect::Sqlite);
  const auto ann = site.signedIn("ann@example.org");
  const auto tokens = site.signIn("ann@example.org");
  // More sessions than the cache holds, all of one user, straight into the table.
  site.run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
      "INSERT INTO sessions (id, user_id, rotated_at, created_at, expires_at) "
      "SELECT 's' || i, " +
      std::to_string(ann.user_id) + ", 1, 1, 99999999999999 FROM n");
  int good = 0;
  for (int i = 1; i <= 20'000; ++i) {
    good += site.viewers.find("s" + std::to_string(i), ann.user_id) ? 1 : 0;
  }
  CHECK(good == 20'000);
  std::atomic<int> wrong{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const auto viewer = site.viewers.find(tokens.session_id, ann.user_id);
        wrong += viewer && viewer->session_id == tokens.session_id ? 0 : 1;
        site.viewers.forget();
      }
    });
  }
  threads.clear();
  CHECK(wrong == 0);
}
