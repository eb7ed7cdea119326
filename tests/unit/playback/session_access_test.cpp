// The right of a session to a video: decided once, remembered for seconds, void when anything it
// rests on is revoked.
#include "playback/session_access.h"

#include "catalog/video_repository.h"
#include "playback/playable_videos.h"
#include "unit/users/site.h"
#include "users/revocation_repository.h"

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;
using users::Role;

namespace {

const db::Statement Newest{"SELECT id FROM videos WHERE id < $1 ORDER BY id DESC LIMIT $2"};

struct Purchase final : EntitlementSource {
  const std::string& name() const override { return name_; }
  Answer ask(db::Session&, users::UserId user, const catalog::Video&) override {
    ++asked;
    return [this, user] { return user == buyer ? std::optional(Entitlement{ends}) : std::nullopt; };
  }
  std::vector<catalog::VideoId> newest(db::Session& session, users::UserId user,
                                       catalog::VideoId before, std::int64_t limit) override {
    std::vector<catalog::VideoId> ids;
    if (user == buyer) {
      for (const db::Row& row : session.query(Newest, before, limit)) {
        ids.push_back(row.integer(0));
      }
    }
    return ids;
  }
  std::string name_ = "purchase";
  users::UserId buyer = 0;
  EpochMs ends = 0;
  int asked = 0;
};

struct House : Site {
  explicit House(db::Dialect dialect)
      : Site(dialect),
        owner(signedIn("owner@example.org", Role::Creator)),
        guest(signedIn("guest@example.org")),
        admin(signedIn("admin@example.org", Role::Admin)) {
    revocations.start();
    video = addVideo("film");
  }
  ~House() { revocations.stop(); }

  catalog::VideoId addVideo(const std::string& title) {
    catalog::VideoDraft draft;
    draft.title = title;
    const auto id = database->transact([&](db::Session& session) {
      return catalog::insertVideo(session, owner.user_id, draft, clock.now());
    });
    run("UPDATE videos SET state = 'READY', current_encoding = " + std::to_string(id + 100) +
        " WHERE id = " + std::to_string(id));
    return id;
  }
  void revoke(users::Revocation revocation) {
    database->transact([&](db::Session& session) {
      revocation.revoked_at = clock.now();
      revocation.expires_at = clock.now() + 3'600'000;
      users::revoke(session, revocation);
    });
    revocations.refresh();
  }
  std::int64_t demand(const users::Viewer& who) {
    return access.demand({who.user_id, who.session_id, video});
  }
  bool knows(const users::Viewer& who) {
    return access.find({who.user_id, who.session_id, video}).has_value();
  }
  std::vector<catalog::VideoId> listFor(const users::Viewer& who, std::size_t most = 1'000'000) {
    std::vector<catalog::VideoId> ids;
    playable.each(who, [&](const catalog::Video& one) {
      ids.push_back(one.id);
      return ids.size() < most;
    });
    return ids;
  }

  users::Viewer owner;
  users::Viewer guest;
  users::Viewer admin;
  catalog::VideoId video = 0;
  Purchase purchase;
  Revocations revocations{*database, clock, sandbox.log, sandbox.metrics};
  SessionAccess access{*database, clock, revocations, {&purchase}};
  PlayableVideos playable{*database, {&purchase}};
};

}  // namespace

TEST_CASE("a decision is remembered for seconds, for that session and that video") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      House house(dialect);
      CHECK_FALSE(house.knows(house.guest));
      CHECK(house.demand(house.guest) == house.video + 100);
      // The database is not asked again.
      house.run("UPDATE videos SET current_encoding = 7");
      CHECK(house.access.find({house.guest.user_id, house.guest.session_id, house.video}) ==
            house.video + 100);
      CHECK_FALSE(house.knows(house.owner));
      CHECK_FALSE(
          house.access.find({house.guest.user_id, house.guest.session_id, house.video + 1}));
      CHECK_FALSE(house.access.find({house.guest.user_id, house.owner.session_id, house.video}));
      house.clock.advance(SessionAccess::RememberedMs - 1);
      CHECK(house.knows(house.guest));
      house.clock.advance(1);
      CHECK_FALSE(house.knows(house.guest));
      CHECK(house.demand(house.guest) == 7);
    }
  }
}

TEST_CASE("what a decision rests on, once revoked, ends it at once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      House house(dialect);
      const users::Viewer& guest = house.guest;
      const std::vector<users::Revocation> named = {
          {.user_id = guest.user_id, .session_id = {}, .video_id = {}},
          {.user_id = {}, .session_id = {}, .video_id = house.video},
          {.user_id = guest.user_id, .session_id = {}, .video_id = house.video}};
      for (const auto& one : named) {
        house.clock.advance(60'000);
        house.demand(guest);
        REQUIRE(house.knows(guest));
        house.revoke(one);
        CHECK_FALSE(house.knows(guest));
        // A moment later the decision is taken anew and not yet believed: what was being revoked
        // while it was taken must not be missed.
        house.demand(guest);
        CHECK_FALSE(house.knows(guest));
      }
      house.revoke({.user_id = house.owner.user_id, .session_id = {}, .video_id = {}});
      house.clock.advance(60'000);
      house.demand(guest);
      CHECK(house.knows(guest));
      // A session ends for good.
      house.revoke({.user_id = {}, .session_id = guest.session_id, .video_id = {}});
      CHECK_FALSE(house.knows(guest));
    }
  }
}

TEST_CASE("an ended session, a shut out user and a video that is not READY give no right") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      House house(dialect);
      const auto code = [&] { return codeOf([&] { house.demand(house.guest); }); };
      for (const char* state : {"UPLOADED", "PROCESSING", "FAILED"}) {
        house.run(std::string("UPDATE videos SET state = '") + state + "'");
        CHECK(code() == ErrorCode::NotFound);
      }
      house.run("UPDATE videos SET state = 'READY', deleted_at = 1");
      CHECK(code() == ErrorCode::NotFound);
      house.run("UPDATE videos SET deleted_at = NULL, current_encoding = NULL");
      CHECK(code() == ErrorCode::NotFound);
      house.run("UPDATE videos SET current_encoding = 1, is_paid = 1, price_minor = 5");
      CHECK(code() == ErrorCode::Denied);
      CHECK_FALSE(house.knows(house.guest));
      house.run("UPDATE videos SET is_paid = 0");
      CHECK(house.demand(house.guest) == 1);
      house.run("UPDATE users SET is_active = 0");
      CHECK(reasonOf([&] { house.demand(house.guest); }) == "session-ended");
      house.run("UPDATE users SET is_active = 1");
      house.run("UPDATE sessions SET revoked_at = 1");
      CHECK(reasonOf([&] { house.demand(house.guest); }) == "session-ended");
    }
  }
}

TEST_CASE("the right that comes with a role is asked each time, one with an end lasts until then") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      House house(dialect);
      house.run("UPDATE videos SET is_paid = 1, price_minor = 5");
      CHECK(house.demand(house.admin) > 0);
      CHECK_FALSE(house.knows(house.admin));
      CHECK(house.demand(house.owner) > 0);
      CHECK(house.knows(house.owner));
      house.purchase.buyer = house.guest.user_id;
      house.purchase.ends = house.clock.now() + 2000;
      CHECK(house.demand(house.guest) > 0);
      house.clock.advance(1999);
      CHECK(house.knows(house.guest));
      house.clock.advance(1);
      CHECK_FALSE(house.knows(house.guest));
    }
  }
}

TEST_CASE("the list has what a viewer may play, newest first, in as many batches as it takes") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      House house(dialect);
      std::vector<catalog::VideoId> all = {house.video};
      while (all.size() < 2 * static_cast<std::size_t>(PlayableVideos::BatchSize)) {
        all.insert(all.begin(), house.addVideo("one more"));
      }
      CHECK(house.listFor(house.guest) == all);
      CHECK(house.listFor(house.guest, 3) ==
            std::vector<catalog::VideoId>(all.begin(), all.begin() + 3));
      house.run("UPDATE videos SET is_paid = 1, price_minor = 5 WHERE id <> " +
                std::to_string(house.video));
      CHECK(house.listFor(house.guest) == std::vector<catalog::VideoId>{house.video});
      CHECK(house.purchase.asked == 0);  // nor is any of the paid ones read
      CHECK(house.listFor(house.owner) == all);
      // Free ones between the paid, and entitled to what is not READY: no gap and no repetition.
      house.run("UPDATE videos SET is_paid = 0, price_minor = NULL WHERE id % 3 = 0");
      house.run("UPDATE videos SET state = 'PROCESSING' WHERE id % 5 = 0");
      house.purchase.buyer = house.guest.user_id;
      CHECK(house.listFor(house.guest) == house.listFor(house.admin));
      CHECK(house.listFor(house.guest).size() >
            static_cast<std::size_t>(PlayableVideos::BatchSize));
      house.run("UPDATE videos SET state = 'READY', is_paid = 1, price_minor = 5");
      house.purchase.buyer = house.guest.user_id;
      CHECK(house.listFor(house.guest) == all);
      house.run("UPDATE videos SET state = 'FAILED'");
      CHECK(house.listFor(house.admin).empty());
    }
  }
}
