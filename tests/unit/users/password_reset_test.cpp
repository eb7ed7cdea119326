// Forgotten passwords: who is mailed a link, and what the link does.
#include "users/password_reset.h"

#include "unit/users/links_site.h"

#include <atomic>
#include <thread>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("a new password by mail ends every session and every other link") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    const auto viewer = site.signedIn("ann@example.org");
    const auto link = site.resetLink("ANN@example.org");
    const auto other = site.resetLink("ann@example.org");
    REQUIRE(site.reset.find(link.uid(), link.token));
    CHECK(site.reset.find(link.uid(), link.token)->email == "ann@example.org");
    CHECK(site.reset.confirm(link.uid(), link.token, Secret("another horse")));
    CHECK_FALSE(site.maySignIn("ann@example.org"));
    CHECK(site.maySignIn("ann@example.org", "another horse"));
    CHECK_FALSE(site.viewers.find(viewer.session_id, viewer.user_id));
    for (const auto& spent : {link, other}) {
      CHECK_FALSE(site.reset.find(spent.uid(), spent.token));
      CHECK_FALSE(site.reset.confirm(spent.uid(), spent.token, Secret("a third horse")));
    }
  }
}

TEST_CASE("a link that was asked for before the password was changed or set is void") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    const auto viewer = site.signedIn("ann@example.org");
    auto link = site.resetLink("ann@example.org");
    site.passwords->change(viewer, Secret("correct horse"), Secret("a better horse"),
                           {"192.0.2.1", "a test"});
    CHECK_FALSE(site.reset.confirm(link.uid(), link.token, Secret("a third horse")));
    link = site.resetLink("ann@example.org");
    site.passwords->reset(viewer.user_id, Secret("the administrator's"));
    CHECK_FALSE(site.reset.confirm(link.uid(), link.token, Secret("a third horse")));
    CHECK(site.maySignIn("ann@example.org", "the administrator's"));
    link = site.resetLink("ann@example.org");
    CHECK(site.reset.confirm(link.uid(), link.token, Secret("a third horse")));
  }
}

TEST_CASE("a refused password does not spend the link") {
  LinksSite site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  const auto link = site.resetLink("ann@example.org");
  CHECK(codeOf([&] { site.reset.confirm(link.uid(), link.token, Secret("short")); }) ==
        ErrorCode::Invalid);
  CHECK(site.reset.confirm(link.uid(), link.token, Secret("another horse")));
}

TEST_CASE("whoever has no good link is not worth a hash") {
  LinksSite site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  const auto link = site.resetLink("ann@example.org");
  const int before = site.password.enrolled;
  CHECK_FALSE(site.reset.confirm(link.uid(), link.token + "A", Secret("another horse")));
  site.run("UPDATE mail_tokens SET expires_at = created_at");
  CHECK_FALSE(site.reset.confirm(link.uid(), link.token, Secret("another horse")));
  CHECK(site.password.enrolled == before);
}

TEST_CASE("of two who use one link at once a single one sets the password") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    site.add("ann@example.org");
    const auto link = site.resetLink("ann@example.org");
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        done +=
            site.reset.confirm(link.uid(), link.token, Secret("horse number " + std::to_string(i)))
                ? 1
                : 0;
      });
    }
    for (auto& thread : threads) {
      thread.join();
    }
    CHECK(done == 1);
  }
}

TEST_CASE("a reset lets in who never activated, but not who was deactivated") {
  LinksSite site(db::Dialect::Sqlite);
  const auto activation = site.newcomer("ann@example.org");
  const auto link = site.resetLink("ann@example.org");
  CHECK(site.reset.confirm(link.uid(), link.token, Secret("another horse")));
  CHECK(site.maySignIn("ann@example.org", "another horse"));
  CHECK_FALSE(site.activation.activate(activation.uid(), activation.token));

  site.add("bob@example.org");
  site.run("UPDATE users SET is_active = 0 WHERE email = 'bob@example.org'");
  const auto bobs = site.resetLink("bob@example.org");
  CHECK(site.reset.confirm(bobs.uid(), bobs.token, Secret("another horse")));
  CHECK_FALSE(site.maySignIn("bob@example.org", "another horse"));
}

TEST_CASE("a request writes one row, whether anybody has the address or not") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    LinksSite site(dialect);
    site.add("ann@example.org");
    site.requests.request("Ann@Example.ORG");
    site.requests.request("nobody@example.org");
    CHECK(site.count("SELECT COUNT(*) FROM reset_requests") == 2);
    CHECK(site.queued.empty());
    CHECK(site.requests.settle() == 2);
    CHECK(site.count("SELECT COUNT(*) FROM reset_requests") == 0);
    REQUIRE(site.queued.size() == 1);
    CHECK(site.queued[0].purpose == users::MailPurpose::PasswordReset);
    CHECK(site.requests.settle() == 0);
  }
}

TEST_CASE("a mailbox is sent so many links an hour, and none for a password kept elsewhere") {
  LinksSite site(db::Dialect::Sqlite, {.mails_per_hour = 3});
  site.add("ann@example.org");
  for (int i = 0; i < 5; ++i) {
    site.requests.request("ann@example.org");
  }
  site.requests.settle();
  CHECK(site.queued.size() == 3);
  site.run("UPDATE mail_tokens SET created_at = created_at - 3600001");
  site.requests.request("ann@example.org");
  site.requests.settle();
  CHECK(site.queued.size() == 4);

  site.add("elsewhere@example.org");
  site.run("DELETE FROM credentials WHERE user_id = 2");
  site.requests.request("elsewhere@example.org");
  site.requests.settle();
  CHECK(site.queued.size() == 4);
}

TEST_CASE("requests are looked at a moment later by a thread, also those of an earlier life") {
  LinksSite site(db::Dialect::Sqlite, {.gather = std::chrono::milliseconds(1)});
  site.add("ann@example.org");
  site.requests.request("ann@example.org");
  site.requests.start();
  const auto gone = [&] {
    for (int i = 0; i < 2000; ++i) {
      if (site.count("SELECT COUNT(*) FROM reset_requests") == 0) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  };
  CHECK(gone());
  site.requests.request("ann@example.org");
  CHECK(gone());
  site.requests.stop();
  CHECK(site.queued.size() == 2);
}
