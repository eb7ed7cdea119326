// "I forgot my password": takes the address and tells nobody whether a user has it, not by the time
// it takes either. All request() does is write down one row; a thread looks at the rows a moment
// later, and only there do known and unknown addresses part: a user with a password here is sent a
// link, unless he was sent enough of them in this hour. What was written down outlives a crash.
#pragma once
#include "base/log.h"
#include "db/database.h"
#include "users/activation.h"
#include "users/mail_token.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <thread>

namespace reeld::users {

struct ResetRequestOptions {
  std::int64_t mails_per_hour = 5;  ///< to one mailbox; 0 = no limit
  /// How long requests gather before they are looked at: apart from the answers, whose time would
  /// otherwise show what is written for whom.
  std::chrono::milliseconds gather = std::chrono::milliseconds(500);
  std::chrono::milliseconds poll = std::chrono::seconds(5);  ///< for what a crash left behind
};

class ResetRequests {
 public:
  /// Everything outlives this.
  ResetRequests(db::Database& database, const Log& log, const MailTokens& tokens,
                QueueMail queue_mail, ResetRequestOptions options);
  ~ResetRequests();
  ResetRequests(const ResetRequests&) = delete;
  ResetRequests& operator=(const ResetRequests&) = delete;

  /// Durable when it returns. The same work for every address.
  void request(std::string_view email);

  void start();  ///< once
  void stop();
  /// Looks at what is there, on this thread; how many requests that were. For start, and for tests.
  std::size_t settle();

 private:
  void run();
  void answer(db::Session& session, const std::string& email_key) const;
  /// Until there may be something to do; false at the end.
  bool wait();

  db::Database& database_;
  const Log& log_;
  const MailTokens& tokens_;
  QueueMail queue_mail_;
  ResetRequestOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool waiting_ = false;  ///< a request was written since the last look
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reeld::users
