// Registration: one user per address, whoever comes at the same time.
#include "users/registration.h"

#include "unit/users/site.h"

#include <thread>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("of many registrations of one address at once exactly one succeeds") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    std::atomic<int> added{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        try {
          site.registration->add(i % 2 == 0 ? "ann@example.org" : "Ann@Example.ORG",
                                 Secret("correct horse"));
          ++added;
        } catch (const Error& error) {
          refused += error.code() == ErrorCode::Conflict ? 1 : 0;
        }
      });
    }
    for (auto& thread : threads) {
      thread.join();
    }
    CHECK(added == 1);
    CHECK(refused == 7);
    CHECK(site.count("SELECT COUNT(*) FROM users") == 1);
    CHECK(site.count("SELECT COUNT(*) FROM credentials") == 1);
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.registered'") == 1);
  }
}

TEST_CASE("registration tells every fault at once and stores nothing") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    try {
      site.registration->add("nobody", Secret("short"));
      FAIL("was taken");
    } catch (const Error& error) {
      REQUIRE(error.violations().size() == 2);
      CHECK(error.violations()[0].pointer == "/email");
      CHECK(error.violations()[1].pointer == "/password");
    }
    CHECK(site.password.enrolled == 0);
    CHECK(site.count("SELECT COUNT(*) FROM users") == 0);
  }
}

TEST_CASE("a provider that is missing is the reason only if no other one keeps records") {
  MissingProvider missing;
  Site without(db::Dialect::Sqlite, {&missing});
  CHECK(without.registration->missing() == "no such file");
  CHECK(codeOf([&] { without.add("ann@example.org"); }) == ErrorCode::Unavailable);
  CHECK(without.count("SELECT COUNT(*) FROM users") == 0);

  FakeRecordKeeper password;
  Site with(db::Dialect::Sqlite, {&missing, &password});
  CHECK(with.registration->missing().empty());
  CHECK(with.add("ann@example.org") > 0);
  // It might be the one that refuses her, so nobody is let in past it.
  CHECK(codeOf([&] { with.signIn("ann@example.org"); }) == ErrorCode::Unavailable);
}

TEST_CASE("without a provider that keeps records nobody can register") {
  FakeDirectory directory;
  Site site(db::Dialect::Sqlite, {&directory});
  CHECK(codeOf([&] { site.add("ann@example.org"); }) == ErrorCode::Unsupported);
}

TEST_CASE("a taken address is refused before the password is hashed") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  const int before = site.password.enrolled;
  CHECK(codeOf([&] { site.add("ANN@example.org"); }) == ErrorCode::Conflict);
  CHECK(site.password.enrolled == before);
}
