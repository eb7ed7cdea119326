// A mail server that is down for an hour. Nobody waits that long: the rows of the queue are made
// older instead.
#include "post.h"

using namespace reeld;
using namespace reeld::notify;
using namespace reeld::test;

namespace {

constexpr std::int64_t Hour = 3'600'000;
constexpr std::int64_t Step = 60'000;

/// The queue as it is so much later.
void pass(Post& post, std::int64_t milliseconds) {
  const std::string by = std::to_string(milliseconds);
  post.run("UPDATE mail_queue SET run_at = run_at - " + by + ", begun_at = begun_at - " + by +
           ", created_at = created_at - " + by);
  post.run("UPDATE mail_tokens SET expires_at = expires_at - " + by);
}

void sendAllThatIsDue(Dispatcher& dispatcher) {
  while (dispatcher.sendOne()) {
  }
}

}  // namespace

TEST_CASE("a mail server that is down for an hour delays mails by little more, and loses none") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Post post(dialect);
    const auto dispatcher = post.dispatcher();
    for (int i = 0; i < 1000; ++i) {
      post.notifier.answer(Error(ErrorCode::Unavailable, "connection refused"));
    }
    std::vector<MailId> mails;
    for (std::int64_t passed = 0; passed < Hour; passed += Step) {
      if (passed % (20 * Step) == 0) {
        mails.push_back(post.enqueue());
      }
      sendAllThatIsDue(*dispatcher);
      pass(post, Step);
    }
    REQUIRE(mails.size() == 3);
    for (const MailId id : mails) {
      CHECK(post.find(id).state == MailState::Waiting);
      CHECK(post.find(id).last_error == "connection refused");
    }
    // 30 s, then twice as long each time: an hour takes the first mail less than ten tries.
    CHECK(post.find(mails[0]).attempt < 10);

    post.notifier.recover();
    std::int64_t later = 0;
    for (; later <= Hour + Step; later += Step) {
      sendAllThatIsDue(*dispatcher);
      pass(post, Step);
    }
    for (const MailId id : mails) {
      CHECK(post.find(id).state == MailState::Sent);
      CHECK(post.find(id).last_error.empty());
    }
    // The link of each was good for its day from then on.
    CHECK(post.count("SELECT COUNT(*) FROM mail_tokens WHERE expires_at > " +
                     std::to_string(post.now() + 21 * Hour)) == 3);
  }
}
