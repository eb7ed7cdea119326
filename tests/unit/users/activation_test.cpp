// Activation: a link, once, for who it was mailed to; and nobody in without it.
#include "users/activation.h"

#include "unit/users/links_site.h"

#include <atomic>
#include <thread>

using namespace reeld;
using namespace reeld::test;
using users::MailPurpose;

TEST_CASE("a newcomer signs in after his link was followed, which works once") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    const auto link = site.newcomer("ann@example.org");
    CHECK(link.purpose == MailPurpose::Activation);
    CHECK_FALSE(site.maySignIn("ann@example.org"));
    CHECK(site.activation.isGood(link.uid(), link.token));
    CHECK(site.activation.activate(link.uid(), link.token));
    CHECK(site.maySignIn("ann@example.org"));
    CHECK_FALSE(site.activation.isGood(link.uid(), link.token));
    CHECK_FALSE(site.activation.activate(link.uid(), link.token));
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.email_verified'") == 1);
  }
}

TEST_CASE("a link is for its own user and purpose, and for a day") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    const auto ann = site.newcomer("ann@example.org");
    const auto bob = site.newcomer("bob@example.org");
    CHECK_FALSE(site.activation.activate(bob.uid(), ann.token));
    CHECK_FALSE(site.activation.activate(ann.uid(), ann.token + "A"));
    CHECK_FALSE(site.activation.activate(ann.uid(), ""));
    CHECK_FALSE(site.activation.activate("", ann.token));
    CHECK_FALSE(site.activation.activate("no uid", ann.token));
    const auto reset = site.resetLink("ann@example.org");
    CHECK_FALSE(site.activation.activate(reset.uid(), reset.token));
    CHECK_FALSE(site.reset.confirm(ann.uid(), ann.token, Secret("another horse")));
    site.run("UPDATE mail_tokens SET expires_at = created_at");
    CHECK_FALSE(site.activation.activate(ann.uid(), ann.token));
    CHECK_FALSE(site.maySignIn("ann@example.org"));
  }
}

TEST_CASE("a link undoes nothing that an administrator did") {
  LinksSite site(db::Dialect::Sqlite);
  const auto ann = site.newcomer("ann@example.org");
  site.run("UPDATE users SET is_active = 0");
  CHECK_FALSE(site.activation.isGood(ann.uid(), ann.token));
  CHECK_FALSE(site.activation.activate(ann.uid(), ann.token));
  site.run("UPDATE users SET is_active = 1, deleted_at = 1");
  CHECK_FALSE(site.activation.isGood(ann.uid(), ann.token));
  CHECK_FALSE(site.activation.activate(ann.uid(), ann.token));
}

TEST_CASE("of many who follow one link at once a single one activates") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    const auto link = site.newcomer("ann@example.org");
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back(
          [&] { done += site.activation.activate(link.uid(), link.token) ? 1 : 0; });
    }
    for (auto& thread : threads) {
      thread.join();
    }
    CHECK(done == 1);
  }
}

TEST_CASE("a registration that fails leaves neither token nor mail") {
  LinksSite site(db::Dialect::Sqlite);
  site.newcomer("ann@example.org");
  const auto again =
      site.registration->signUp("ANN@example.org", Secret("correct horse"), &site.activation);
  CHECK_FALSE(again);
  CHECK(site.queued.size() == 1);
  CHECK(site.count("SELECT COUNT(*) FROM mail_tokens") == 1);
}

TEST_CASE("an administrator who activates a user vouches for the address") {
  LinksSite site(db::Dialect::Sqlite);
  const auto ann = site.newcomer("ann@example.org");
  site.directory.setActive(ann.user, true, std::nullopt);
  CHECK(site.maySignIn("ann@example.org"));
  CHECK_FALSE(site.activation.activate(ann.uid(), ann.token));
}

TEST_CASE("an administrator who cannot sign in yet is none to count on") {
  LinksSite site(db::Dialect::Sqlite);
  const auto ann = site.newcomer("ann@example.org");
  site.directory.changeRole(ann.user, users::Role::Admin, std::nullopt);
  CHECK_FALSE(site.directory.hasActiveAdmin());
  const auto root = site.add("root@example.org", users::Role::Admin);
  CHECK(codeOf([&] { site.directory.changeRole(root, users::Role::Viewer, std::nullopt); }) ==
        ErrorCode::Conflict);
}
