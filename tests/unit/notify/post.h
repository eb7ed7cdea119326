// A site with a mail queue over a migrated database, and a notifier whose answers a test gives.
#pragma once
#include "base/guarded.h"
#include "notify/dispatcher.h"
#include "unit/users/site.h"

#include <deque>
#include <thread>

namespace reeld::test {

/// Waits for something another thread does.
template <class Condition>
bool eventually(Condition&& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

/// Remembers what it was handed; answers with the errors it was given, one per call, then OK.
class FakeNotifier final : public notify::Notifier {
 public:
  const std::string& name() const override { return name_; }
  void send(const notify::Notice& notice) override {
    std::optional<Error> answer;
    state_.with([&](State& state) {
      state.notices.push_back(notice);
      if (!state.answers.empty()) {
        answer = state.answers.front();
        state.answers.pop_front();
      }
    });
    if (meanwhile) {
      meanwhile();
    }
    if (answer) {
      throw Error(*answer);
    }
  }
  void answer(const Error& error) {
    state_.with([&](State& state) { state.answers.push_back(error); });
  }
  /// Answers OK from now on.
  void recover() {
    state_.with([](State& state) { state.answers.clear(); });
  }
  std::vector<notify::Notice> notices() const {
    return state_.with([](const State& state) { return state.notices; });
  }
  std::function<void()> meanwhile;  ///< runs inside send()

 private:
  struct State {
    std::deque<Error> answers;
    std::vector<notify::Notice> notices;
  };
  std::string name_ = "fake";
  Guarded<State> state_;
};

struct Post : Site {
  explicit Post(db::Dialect dialect) : Site(dialect) { user = add("ada@example.org"); }

  notify::DispatcherOptions options() const {
    notify::DispatcherOptions options;
    options.node = "here";
    options.from = {.address = "noreply@example.org", .name = "Example"};
    options.frontend_url = "https://video.example.org/";
    options.poll_ms = 20;
    return options;
  }
  std::unique_ptr<notify::Dispatcher> dispatcher(notify::DispatcherOptions options) {
    return std::make_unique<notify::Dispatcher>(std::move(options), notifier, tokens, *database,
                                                clock, sandbox.log, sandbox.metrics);
  }
  std::unique_ptr<notify::Dispatcher> dispatcher() { return dispatcher(options()); }

  /// As a registration does it: the token's row and the mail in one transaction.
  notify::MailId enqueue(notify::MailPurpose purpose = notify::MailPurpose::Activation) {
    return database->transact([&](db::Session& session) {
      token_id = users::MailTokens::newId();
      const std::string hash = users::MailTokens::hash(tokens.derive(purpose, user, token_id));
      session.queryText(
          "INSERT INTO mail_tokens (id, user_id, purpose, token_hash, created_at, "
          "expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
          {token_id, user, std::string(users::word(purpose)), hash, std::int64_t{1},
           std::int64_t{2}});
      return notify::enqueueMail(session,
                                 {.purpose = purpose, .user_id = user, .token_id = token_id});
    });
  }
  notify::Mail find(notify::MailId id) {
    return *database->read([&](db::Session& session) { return notify::findMail(session, id); });
  }
  std::optional<notify::Mail> claim(std::int64_t lease_ms = 60'000,
                                    const std::string& node = "here") {
    return database->transact(
        [&](db::Session& session) { return notify::claimMail(session, node, lease_ms); });
  }
  template <class Body>
  auto with(Body body) {
    return database->transact(body);
  }
  std::int64_t now() {
    return database->read([](db::Session& session) { return session.now(); });
  }
  /// The number behind a metric's line, or -1.
  double metric(const std::string& line) {
    const std::string text = sandbox.metrics.text();
    const auto at = text.find("\n" + line + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + line.size() + 2));
  }

  users::UserId user = 0;
  std::string token_id;
  users::MailTokens tokens{SiteSecret};
  FakeNotifier notifier;
};

}  // namespace reeld::test
