// The queue being sent: at once after the commit, once each, with patience, and nothing lost.
#include "notify/dispatcher.h"

#include "post.h"

#include <set>

using namespace reeld;
using namespace reeld::notify;
using namespace reeld::test;

namespace {

notify::DispatcherOptions patient(const Post& post) {
  auto options = post.options();
  options.poll_ms = 600'000;  // so that nothing is found by polling
  return options;
}

notify::DispatcherOptions quick(const Post& post) {
  auto options = post.options();
  options.retry = {.first = std::chrono::milliseconds(1),
                   .longest = std::chrono::milliseconds(2),
                   .give_up = std::chrono::seconds(30)};
  return options;
}

}  // namespace

TEST_CASE("a mail is handed over as soon as its transaction has committed") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      const auto dispatcher = post.dispatcher(patient(post));
      dispatcher->start();
      const MailId id = post.enqueue();
      REQUIRE(eventually([&] { return post.find(id).state == MailState::Sent; }));
      REQUIRE(post.notifier.notices().size() == 1);
      const Notice notice = post.notifier.notices()[0];
      CHECK(notice.to == "ada@example.org");
      CHECK(notice.from == "noreply@example.org");
      CHECK(notice.purpose == "activation");
      const std::string token =
          post.tokens.derive(MailPurpose::Activation, post.user, post.token_id);
      const std::string link =
          "https://video.example.org/pages/auth/activate.html?uid=" + users::mailUid(post.user) +
          "&token=" + token;
      CHECK(notice.text.find(link) != std::string::npos);
      CHECK(notice.message.find("Message-ID: <" + notice.key + "@example.org>") !=
            std::string::npos);
      CHECK(post.find(id).finished_at);
      CHECK(post.metric("reeld_notify_sends_total{outcome=\"sent\"}") == 1);
    }
  }
}

TEST_CASE("a server that is down delays a mail, and it comes with the same Message-ID") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      post.notifier.answer(Error(ErrorCode::Unavailable, "connection refused"));
      post.notifier.answer(Error(ErrorCode::Timeout, "slow"));
      const auto dispatcher = post.dispatcher(quick(post));
      dispatcher->start();
      const MailId id = post.enqueue();
      REQUIRE(eventually([&] { return post.find(id).state == MailState::Sent; }));
      CHECK(post.find(id).attempt == 3);
      CHECK(post.find(id).last_error.empty());
      const auto notices = post.notifier.notices();
      REQUIRE(notices.size() == 3);
      CHECK(notices[0].key == notices[2].key);
      CHECK(notices[0].text == notices[2].text);
      CHECK(post.metric("reeld_notify_sends_total{outcome=\"deferred\"}") == 2);
    }
  }
}

TEST_CASE("a mail that failed waits for its time with the reason beside it") {
  Post post(db::Dialect::Sqlite);
  post.notifier.answer(Error(ErrorCode::Unavailable, "odd \xff\x01 answer"));
  const auto dispatcher = post.dispatcher();
  const MailId id = post.enqueue();
  CHECK(dispatcher->sendOne());
  const Mail mail = post.find(id);
  CHECK(mail.state == MailState::Waiting);
  CHECK(mail.last_error == "odd ?? answer");
  CHECK(mail.run_at > post.now() + 20'000);
  CHECK_FALSE(dispatcher->sendOne());
  dispatcher->keepHouse();
  CHECK(post.metric("reeld_notify_waiting_mails") == 1);
}

TEST_CASE("a mail that can never be delivered is given up at once and can be started over") {
  Post post(db::Dialect::Sqlite);
  post.notifier.answer(Error(ErrorCode::Invalid, "550 no such mailbox"));
  const auto dispatcher = post.dispatcher();
  const MailId id = post.enqueue();
  CHECK(dispatcher->sendOne());
  CHECK(post.find(id).state == MailState::Discarded);
  CHECK(post.find(id).last_error == "550 no such mailbox");
  CHECK(post.metric("reeld_notify_sends_total{outcome=\"discarded\"}") == 1);
  CHECK(post.with([&](db::Session& session) { return retryMailNow(session, id); }));
  CHECK(dispatcher->sendOne());
  CHECK(post.find(id).state == MailState::Sent);
}

TEST_CASE("a mail whose day is over is given up") {
  Post post(db::Dialect::Sqlite);
  post.notifier.answer(Error(ErrorCode::Unavailable, "down"));
  const auto dispatcher = post.dispatcher();
  const MailId id = post.enqueue();
  post.run("UPDATE mail_queue SET begun_at = begun_at - 86400001");
  CHECK(dispatcher->sendOne());
  CHECK(post.find(id).state == MailState::Discarded);
  CHECK(post.find(id).last_error == "down");
}

TEST_CASE("a mail nobody waits for any more is not sent") {
  Post post(db::Dialect::Sqlite);
  const auto dispatcher = post.dispatcher();
  const MailId id = post.enqueue();
  post.run("UPDATE mail_tokens SET used_at = 1");
  CHECK(dispatcher->sendOne());
  CHECK(post.notifier.notices().empty());
  CHECK(post.find(id).state == MailState::Discarded);
  CHECK(post.metric("reeld_notify_sends_total{outcome=\"withdrawn\"}") == 1);
}

TEST_CASE("a link made under another secret of the site works all the same") {
  Post post(db::Dialect::Sqlite);
  post.enqueue();
  const users::MailTokens today(std::string(32, 'z'));
  Dispatcher dispatcher(post.options(), post.notifier, today, *post.database, post.clock,
                        post.sandbox.log, post.sandbox.metrics);
  CHECK(dispatcher.sendOne());
  const std::string token = today.derive(MailPurpose::Activation, post.user, post.token_id);
  CHECK(post.notifier.notices().at(0).text.find("token=" + token) != std::string::npos);
  CHECK(post.count("SELECT COUNT(*) FROM mail_tokens WHERE token_hash = '" +
                   users::MailTokens::hash(token) + "'") == 1);
}

TEST_CASE("what a daemon was sending when it died is sent when it is back") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      const MailId id = post.enqueue();
      post.claim();
      const auto dispatcher = post.dispatcher(patient(post));
      dispatcher->start();
      REQUIRE(eventually([&] { return post.find(id).state == MailState::Sent; }));
    }
  }
}

TEST_CASE("a mail of a daemon that does not come back is taken over when its lease is out") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      const auto dispatcher = post.dispatcher();
      dispatcher->start();
      const MailId id = post.enqueue();
      REQUIRE(eventually([&] { return post.find(id).state == MailState::Sent; }));
      post.run(
          "UPDATE mail_queue SET state = 'sending', lease_token = 'x', lease_until = 1, "
          "locked_by = 'there', finished_at = NULL");
      REQUIRE(eventually([&] { return post.notifier.notices().size() == 2; }));
      REQUIRE(eventually([&] { return post.find(id).state == MailState::Sent; }));
    }
  }
}

TEST_CASE("a sender that was too slow leaves the mail to its heir") {
  Post post(db::Dialect::Sqlite);
  const MailId id = post.enqueue();
  post.notifier.meanwhile = [&] {
    post.run("UPDATE mail_queue SET lease_until = 1");
    post.with(reapMails);
    post.claim(60'000, "there");
  };
  CHECK(post.dispatcher()->sendOne());
  CHECK(post.find(id).state == MailState::Sending);
  CHECK(post.metric("reeld_notify_sends_total{outcome=\"fenced\"}") == 1);
}

TEST_CASE("a mail that is broken off at the end waits again, and the try does not count") {
  Post post(db::Dialect::Sqlite);
  const MailId id = post.enqueue();
  const auto dispatcher = post.dispatcher();
  post.notifier.answer(Error(ErrorCode::Cancelled, "broken off"));
  post.notifier.meanwhile = [&] { dispatcher->finish(std::chrono::milliseconds(0)); };
  CHECK(dispatcher->sendOne());
  CHECK(post.find(id).state == MailState::Waiting);
  CHECK(post.find(id).attempt == 0);
}

TEST_CASE("several daemons send every mail once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Post post(dialect);
      auto there = post.options();
      there.node = "there";
      const auto one = post.dispatcher();
      const auto other = post.dispatcher(there);
      one->start();
      other->start();
      constexpr int Mails = 40;
      for (int i = 0; i < Mails; ++i) {
        post.enqueue(MailPurpose::PasswordReset);
      }
      REQUIRE(eventually([&] {
        return post.count("SELECT COUNT(*) FROM mail_queue WHERE state = 'sent'") == Mails;
      }));
      std::set<std::string> keys;
      for (const Notice& notice : post.notifier.notices()) {
        keys.insert(notice.key);
      }
      CHECK(keys.size() == Mails);
      CHECK(post.notifier.notices().size() == Mails);
    }
  }
}

TEST_CASE("a sender that is no address is refused at the start") {
  Post post(db::Dialect::Sqlite);
  auto options = post.options();
  options.from.address = "nobody";
  CHECK(codeOf([&] { post.dispatcher(options); }) == ErrorCode::Invalid);
}
