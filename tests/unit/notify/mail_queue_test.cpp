// The queue on both engines: a mail goes with its transaction, to one sender at a time, and only
// the holder of its lease writes.
#include "notify/mail_queue.h"

#include "post.h"

using namespace reeld;
using namespace reeld::notify;
using namespace reeld::test;

namespace {
constexpr std::int64_t Expired = -1000;
}

TEST_CASE("a mail goes with the transaction that enqueued it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      CHECK_THROWS(post.database->transact([&](db::Session& session) {
        enqueueMail(session, {.purpose = MailPurpose::Trial, .user_id = post.user, .token_id = {}});
        throw Error(ErrorCode::Internal, "no");
      }));
      CHECK_FALSE(post.claim());
      const MailId id = post.enqueue();
      const Mail mail = post.find(id);
      CHECK(mail.state == MailState::Waiting);
      CHECK(mail.purpose == MailPurpose::Activation);
      CHECK(mail.user_id == post.user);
      CHECK(mail.token_id == post.token_id);
      CHECK(mail.attempt == 0);
    }
  }
}

TEST_CASE("neither the queue nor the tokens hold what opens the link") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      const std::string token =
          post.tokens.derive(MailPurpose::Activation, post.user, post.token_id);
      const auto rows = post.database->read([](db::Session& session) {
        return session.queryText(
            "SELECT q.purpose, q.token_id, t.id, t.purpose, t.token_hash FROM mail_queue q JOIN "
            "mail_tokens t ON t.id = q.token_id",
            {});
      });
      REQUIRE(rows.size() == 1);
      for (std::size_t column = 0; column < rows[0].size(); ++column) {
        CHECK(rows[0].text(column) != token);
      }
      CHECK(rows[0].text(4) == users::MailTokens::hash(token));
    }
  }
}

TEST_CASE("mails are claimed in the order they are due, each once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      const MailId first = post.enqueue();
      const MailId second = post.enqueue();
      const auto mail = post.claim();
      REQUIRE(mail);
      CHECK(mail->id == first);
      CHECK(mail->state == MailState::Sending);
      CHECK(mail->attempt == 1);
      CHECK(post.claim()->id == second);
      CHECK_FALSE(post.claim());
    }
  }
}

TEST_CASE("a mail that comes later is not due before") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      CHECK_FALSE(post.with(nextMailDueIn));
      const MailId id = post.enqueue();
      CHECK(post.with(nextMailDueIn) == 0);
      const auto mail = post.claim();
      CHECK(post.with([&](db::Session& s) { return retryMailLater(s, *mail, 60'000, "down"); }));
      CHECK_FALSE(post.claim());
      const auto due = post.with(nextMailDueIn);
      REQUIRE(due);
      CHECK(*due > 50'000);
      CHECK(*due <= 60'000);
      CHECK(post.find(id).last_error == "down");
      CHECK(post.with([&](db::Session& s) { return retryMailNow(s, id); }));
      CHECK(post.claim()->attempt == 1);
    }
  }
}

TEST_CASE("a sender whose lease is gone can write nothing") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      const Mail zombie = *post.claim(Expired);
      CHECK(post.with(reapMails) == 1);
      const Mail heir = *post.claim(60'000, "there");
      CHECK(heir.id == zombie.id);
      CHECK(heir.attempt == 2);
      post.with([&](db::Session& session) {
        CHECK_FALSE(finishMail(session, zombie));
        CHECK_FALSE(retryMailLater(session, zombie, 0, "x"));
        CHECK_FALSE(discardMail(session, zombie, "x"));
        CHECK_FALSE(releaseMail(session, zombie));
      });
      CHECK(post.find(heir.id).lease_token == heir.lease_token);
      CHECK(post.with([&](db::Session& session) { return finishMail(session, heir); }));
      CHECK(post.find(heir.id).state == MailState::Sent);
    }
  }
}

TEST_CASE("a daemon that comes back takes its own mails back, and those of others only on SQLite") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      post.enqueue();
      post.claim(60'000, "here");
      post.claim(60'000, "there");
      CHECK(post.with([](db::Session& session) { return reapOrphanedMails(session, "here"); }) ==
            (dialect == db::Dialect::Sqlite ? 2 : 1));
    }
  }
}

TEST_CASE("nobody waits for a mail whose user is gone or whose link is spent") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      const Mail mail = *post.claim();
      const auto recipient = [&] {
        return post.with([&](db::Session& session) { return findRecipient(session, mail); });
      };
      REQUIRE(recipient());
      CHECK(recipient()->email == "ada@example.org");
      post.run("UPDATE users SET is_active = 0");
      CHECK(recipient());
      post.run("UPDATE mail_tokens SET used_at = 1");
      CHECK_FALSE(recipient());
      post.run("UPDATE mail_tokens SET used_at = NULL");
      CHECK(recipient());
      post.run("UPDATE users SET deleted_at = 1");
      CHECK_FALSE(recipient());
    }
  }
}

TEST_CASE("a link's life begins anew when its mail is handed over") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      for (const auto purpose : {MailPurpose::Activation, MailPurpose::PasswordReset}) {
        post.enqueue(purpose);
        const Mail mail = *post.claim();
        const EpochMs before = post.now();
        post.with([&](db::Session& session) { return findRecipient(session, mail); });
        const auto expires =
            post.count("SELECT expires_at FROM mail_tokens WHERE id = '" + post.token_id + "'");
        CHECK(expires >= before + users::lifeOf(purpose).count());
        CHECK(expires <= post.now() + users::lifeOf(purpose).count());
      }
    }
  }
}

TEST_CASE("what is long past is forgotten, what waits is not") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      const Mail sent = *post.claim();
      post.with([&](db::Session& session) { return finishMail(session, sent); });
      const MailId waiting = post.enqueue();
      const auto prune = [&](std::int64_t age) {
        return post.with([&](db::Session& session) { return pruneMails(session, age, 100); });
      };
      CHECK(prune(60'000) == 0);  // the tokens expired long ago, but their mails are there
      CHECK(prune(-1000) == 2);   // the one that was sent, and its token
      CHECK(post.count("SELECT COUNT(*) FROM mail_queue") == 1);
      CHECK(post.count("SELECT COUNT(*) FROM mail_tokens") == 1);
      CHECK(post.find(waiting).state == MailState::Waiting);
    }
  }
}

TEST_CASE("mails are listed newest first, by state, with their addresses, and counted") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      const Mail mail = *post.claim();
      post.with(
          [&](db::Session& session) { return discardMail(session, mail, "no such mailbox"); });
      const MailId second = post.enqueue();
      const auto all =
          post.with([](db::Session& session) { return listMails(session, std::nullopt, 0, 10); });
      REQUIRE(all.size() == 2);
      CHECK(all[0].mail.id == second);
      CHECK(all[0].email == "ada@example.org");
      const auto discarded = post.with(
          [](db::Session& session) { return listMails(session, MailState::Discarded, 0, 10); });
      REQUIRE(discarded.size() == 1);
      CHECK(discarded[0].mail.last_error == "no such mailbox");
      CHECK(post.with(countMails) == std::vector<std::pair<MailState, std::int64_t>>{
                                         {MailState::Discarded, 1}, {MailState::Waiting, 1}});
      CHECK(post.with(countPendingMails) == 1);
      CHECK(post.with([&](db::Session& session) { return retryMailNow(session, mail.id); }));
      CHECK(post.with(countPendingMails) == 2);
    }
  }
}

TEST_CASE("a mail of a purpose that only a newer daemon knows is left to it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.enqueue();
      post.run("UPDATE mail_queue SET purpose = 'newsletter'");
      CHECK_FALSE(post.with(nextMailDueIn));
      CHECK_FALSE(post.claim());
    }
  }
}
