// Revocations: what is void, from when on, and that readers never wait for the writer.
#include "playback/revocations.h"

#include "unit/users/site.h"
#include "users/revocation_repository.h"

#include <thread>

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;

namespace {

const Grant Example{7, 17, 3, sessionFingerprint("session"), 1000, 9000};

RevocationMap only(RevocationKey key, EpochMs revoked_at) { return {{key, {revoked_at, 99999}}}; }

struct Desk : Site {
  explicit Desk(db::Dialect dialect) : Site(dialect), user(add("a@example.org")) {}
  void revoke(users::Revocation revocation) {
    database->transact([&](db::Session& session) {
      revocation.revoked_at = session.now() + revocation.revoked_at;
      revocation.expires_at = session.now() + revocation.expires_at;
      users::revoke(session, revocation);
    });
  }
  SystemClock system_clock;
  users::UserId user;
  Revocations revocations{*database, system_clock, sandbox.log, sandbox.metrics};
};

}  // namespace

TEST_CASE("a grant is void iff it was issued at or before the revocation of what it names") {
  RevocationTable table;
  CHECK_FALSE(table.isRevoked(Example));
  const RevocationKey named[] = {{3, 0, 0}, {0, 17, 0}, {3, 17, 0}};
  for (const RevocationKey& key : named) {
    table.replace(only(key, 999));
    CHECK_FALSE(table.isRevoked(Example));
    table.replace(only(key, 1000));
    CHECK(table.isRevoked(Example));
  }
  const RevocationKey others[] = {{4, 0, 0}, {0, 18, 0}, {3, 18, 0}, {4, 17, 0},
                                  {0, 0, 1}, {17, 0, 0}, {0, 3, 0}};
  for (const RevocationKey& key : others) {
    table.replace(only(key, 5000));
    CHECK_FALSE(table.isRevoked(Example));
  }
}

TEST_CASE("nothing of a session that has ended is good, whatever time is written on it") {
  RevocationTable table;
  for (const EpochMs revoked_at : {1, 999, 1000}) {
    table.replace(only({0, 0, Example.session}, revoked_at));
    CHECK(table.isRevoked(Example));
  }
  // The next session of the same user begins with grants that are good.
  CHECK(table.lastRevoked(Example) < Example.issued);
  Grant next = Example;
  next.session = sessionFingerprint("the next one");
  CHECK_FALSE(table.isRevoked(next));
}

TEST_CASE("a grant of no session is void for no session") {
  RevocationTable table;
  table.replace(only({0, 0, 0}, 5000));
  Grant grant = Example;
  grant.session = 0;
  grant.user_id = 1;
  CHECK_FALSE(table.isRevoked(grant));
}

TEST_CASE("readers see a whole table while it is replaced") {
  RevocationTable table;
  std::atomic<bool> is_over{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> readers;
  table.replace(only({3, 0, 0}, 1000));
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!is_over) {
        torn += table.isRevoked(Example) ? 0 : 1;
      }
    });
  }
  for (int i = 0; i < 2000; ++i) {
    RevocationMap map = only({3, 0, 0}, 1000 + i);
    for (int j = 0; j < 20; ++j) {
      map[{100 + i * j, 0, 0}] = {1, 1};
    }
    table.replace(std::move(map));
  }
  is_over = true;
  for (std::thread& reader : readers) {
    reader.join();
  }
  CHECK(torn == 0);
}

TEST_CASE("revocations are loaded at start, and new ones are seen at once or within the poll") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Desk desk(dialect);
      const EpochMs now = desk.system_clock.now();
      const auto grantOf = [&](users::UserId user, std::int64_t video, const std::string& session) {
        return Grant{1, video, user, sessionFingerprint(session), now - 600'000, now + 1000};
      };
      // Older than a minute, so that the load must find it and not the poll.
      desk.revoke({.user_id = {},
                   .session_id = {},
                   .video_id = 17,
                   .revoked_at = -300'000,
                   .expires_at = 60'000});
      desk.revoke({.user_id = {},
                   .session_id = {},
                   .video_id = 18,
                   .revoked_at = -300'000,
                   .expires_at = -1});
      desk.revocations.start();
      CHECK(desk.revocations.isRevoked(grantOf(3, 17, "s")));
      CHECK_FALSE(desk.revocations.isRevoked(grantOf(3, 18, "s")));
      CHECK_FALSE(desk.revocations.isRevoked(grantOf(3, 19, "s")));

      desk.revoke({.user_id = desk.user,
                   .session_id = "s",
                   .video_id = {},
                   .revoked_at = 0,
                   .expires_at = 60'000});
      desk.revocations.refresh();
      CHECK(desk.revocations.isRevoked(grantOf(desk.user, 19, "s")));
      CHECK_FALSE(desk.revocations.isRevoked(grantOf(desk.user, 19, "other")));

      desk.revoke({.user_id = desk.user,
                   .session_id = {},
                   .video_id = {},
                   .revoked_at = 0,
                   .expires_at = 60'000});
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
      while (!desk.revocations.isRevoked(grantOf(desk.user, 19, "other")) &&
             std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
      }
      CHECK(desk.revocations.isRevoked(grantOf(desk.user, 19, "other")));
      CHECK(desk.revocations.stalenessMs() < Revocations::TooStaleMs);
      desk.revocations.stop();
    }
  }
}
