// Roles: they act at once, and the last active administrator stays one.
#include "users/directory.h"

#include "unit/users/site.h"

#include <thread>

using namespace reeld;
using namespace reeld::test;
using users::Role;

TEST_CASE("a role changes, with its event") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto id = site.add("ann@example.org");
    CHECK(site.directory.changeRole(id, Role::Creator, std::nullopt).role == Role::Creator);
    CHECK(site.directory.find(id)->role == Role::Creator);
    site.directory.changeRole(id, Role::Creator, std::nullopt);
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.role_changed'") == 1);
    CHECK(codeOf([&] { site.directory.changeRole(99, Role::Viewer, std::nullopt); }) ==
          ErrorCode::NotFound);
  }
}

TEST_CASE("a lower role ends what was granted and no session, a higher one ends nothing") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto ann = site.signedIn("ann@example.org");
    const auto revoked = [&] {
      return site.count("SELECT COUNT(*) FROM revocations WHERE user_id IS NOT NULL");
    };
    site.add("root@example.org", Role::Admin);
    site.directory.changeRole(ann.user_id, Role::Creator, std::nullopt);
    site.directory.changeRole(ann.user_id, Role::Admin, std::nullopt);
    CHECK(revoked() == 0);
    site.directory.changeRole(ann.user_id, Role::Creator, std::nullopt);
    CHECK(revoked() == 1);
    site.directory.changeRole(ann.user_id, Role::Viewer, std::nullopt);
    site.directory.changeRole(ann.user_id, Role::Viewer, std::nullopt);
    CHECK(revoked() == 2);
    CHECK(site.viewers.find(ann.session_id, ann.user_id));
  }
}

TEST_CASE("the last active administrator cannot be demoted") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto first = site.add("a@example.org", Role::Admin);
    const auto second = site.add("b@example.org", Role::Admin);
    site.run("UPDATE users SET is_active = 0 WHERE email = 'b@example.org'");
    CHECK(reasonOf([&] { site.directory.changeRole(first, Role::Viewer, first); }) == "last-admin");
    site.run("UPDATE users SET is_active = 1");
    site.directory.changeRole(first, Role::Viewer, second);
    CHECK(reasonOf([&] { site.directory.changeRole(second, Role::Viewer, second); }) ==
          "last-admin");
    CHECK(site.directory.hasActiveAdmin());
  }
}

TEST_CASE("two administrators cannot demote each other at once") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto first = site.add("a@example.org", Role::Admin);
    const auto second = site.add("b@example.org", Role::Admin);
    std::atomic<int> demoted{0};
    const auto demote = [&](users::UserId id) {
      reasonOf([&] {
        site.directory.changeRole(id, Role::Viewer, std::nullopt);
        ++demoted;
      });
    };
    std::thread one([&] { demote(first); });
    std::thread two([&] { demote(second); });
    one.join();
    two.join();
    CHECK(demoted == 1);
    CHECK(site.directory.hasActiveAdmin());
  }
}

TEST_CASE("a deactivated user is out at once, and comes in again only by signing in") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto ann = site.signedIn("ann@example.org");
    const auto in = [&] { return site.viewers.find(ann.session_id, ann.user_id).has_value(); };
    CHECK(in());
    CHECK_FALSE(site.directory.setActive(ann.user_id, false, std::nullopt).is_active);
    CHECK_FALSE(in());
    CHECK(reasonOf([&] { site.signIn("ann@example.org"); }) == "invalid-credentials");
    CHECK(site.count("SELECT COUNT(*) FROM revocations WHERE user_id IS NOT NULL") == 1);
    site.directory.setActive(ann.user_id, false, std::nullopt);
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.deactivated'") == 1);
    CHECK(site.directory.setActive(ann.user_id, true, std::nullopt).is_active);
    CHECK_FALSE(in());
    CHECK(site.signIn("ann@example.org").user_id == ann.user_id);
    CHECK(codeOf([&] { site.directory.setActive(99, false, std::nullopt); }) ==
          ErrorCode::NotFound);
  }
}

TEST_CASE("of a deleted user nothing is left that says who it was, and the address is free") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto ann = site.signedIn("ann@example.org");
    site.directory.remove(ann.user_id, std::nullopt);
    CHECK_FALSE(site.viewers.find(ann.session_id, ann.user_id));
    CHECK_FALSE(site.directory.find(ann.user_id));
    CHECK(codeOf([&] { site.directory.remove(ann.user_id, std::nullopt); }) == ErrorCode::NotFound);
    CHECK(site.count("SELECT COUNT(*) FROM users WHERE email LIKE '%ann%' OR email_key LIKE "
                     "'%ann%'") == 0);
    CHECK(site.count("SELECT COUNT(*) FROM credentials") == 0);
    CHECK(site.count("SELECT COUNT(*) FROM sessions") == 0);
    const auto again = site.add("ann@example.org");
    CHECK(again != ann.user_id);
    site.directory.remove(again, std::nullopt);
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.deleted'") == 2);
  }
}

TEST_CASE("the last active administrator can be neither deactivated nor deleted") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto first = site.add("a@example.org", Role::Admin);
    const auto second = site.add("b@example.org", Role::Admin);
    site.directory.setActive(second, false, first);
    CHECK(reasonOf([&] { site.directory.setActive(first, false, first); }) == "last-admin");
    CHECK(reasonOf([&] { site.directory.remove(first, first); }) == "last-admin");
    site.directory.remove(second, first);
    CHECK(site.directory.hasActiveAdmin());
  }
}

TEST_CASE("users are listed newest first, in windows") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    for (const char* email : {"a@example.org", "b@example.org", "c@example.org"}) {
      site.add(email);
    }
    const auto page = site.directory.list(1, 1);
    REQUIRE(page.users.size() == 1);
    CHECK(page.users[0].email == "b@example.org");
    CHECK(page.total == 3);
    CHECK(site.directory.list(5, 10).users.empty());
    CHECK(site.directory.findByEmail("A@EXAMPLE.ORG")->email == "a@example.org");
  }
}
