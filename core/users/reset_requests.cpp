#include "users/reset_requests.h"

#include "users/credential_repository.h"
#include "users/mail_token_repository.h"
#include "users/reset_request_repository.h"
#include "users/user_repository.h"

#include <exception>

namespace reeld::users {

namespace {
constexpr std::int64_t Batch = 100;
}

ResetRequests::ResetRequests(db::Database& database, const Log& log, const MailTokens& tokens,
                             QueueMail queue_mail, ResetRequestOptions options)
    : database_(database),
      log_(log),
      tokens_(tokens),
      queue_mail_(std::move(queue_mail)),
      options_(options) {}

ResetRequests::~ResetRequests() { stop(); }

void ResetRequests::request(std::string_view email) {
  database_.transact([&](db::Session& session) { addResetRequest(session, email); });
  {
    const std::lock_guard lock(mutex_);
    waiting_ = true;
  }
  changed_.notify_all();
}

void ResetRequests::start() {
  thread_ = std::thread([this] { run(); });
}

void ResetRequests::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::size_t ResetRequests::settle() {
  std::size_t settled = 0;
  while (true) {
    const auto taken = database_.transact([&](db::Session& session) {
      const auto keys = takeResetRequests(session, Batch);
      for (const auto& key : keys) {
        answer(session, key);
      }
      return keys.size();
    });
    settled += taken;
    if (taken < Batch) {
      return settled;
    }
  }
}

void ResetRequests::answer(db::Session& session, const std::string& email_key) const {
  const auto user = findUserByEmail(session, email_key);
  // Who signs in elsewhere has no password that a link could change.
  if (!user || !hasCredential(session, user->id)) {
    return;
  }
  constexpr auto Purpose = MailPurpose::PasswordReset;
  const auto sent = countMailTokens(session, Purpose, user->id, std::chrono::hours(1));
  if (options_.mails_per_hour > 0 && sent >= options_.mails_per_hour) {
    return;
  }
  queue_mail_(session, Purpose, user->id, addMailToken(session, tokens_, Purpose, user->id));
}

bool ResetRequests::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, options_.poll, [this] { return stopping_ || waiting_; });
  if (waiting_) {
    changed_.wait_for(lock, options_.gather, [this] { return stopping_; });
  }
  waiting_ = false;
  return !stopping_;
}

void ResetRequests::run() {
  do {
    try {
      settle();
    } catch (const std::exception& error) {
      log_.warning("cannot look at requests for new passwords; they wait",
                   {{"error", error.what()}});
    }
  } while (wait());
}

}  // namespace reeld::users
