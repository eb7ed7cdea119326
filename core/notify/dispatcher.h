// Sends the mail queue: some threads that claim one mail at a time, and one that knows when the
// next is due, takes over leases that ran out and forgets what is long past. A mail is claimed by
// one daemon, sent outside every transaction, and then written down as sent; a crash in between
// sends it once more, with the same Message-ID. One of the worker loops that catch.
#pragma once
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/database.h"
#include "notify/mail_queue.h"
#include "notify/message.h"
#include "notify/notifier.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reeld::notify {

struct DispatcherOptions {
  std::string node;  ///< this daemon's name among those that share the database
  Mailbox from;
  std::string frontend_url;  ///< what links begin with
  RetrySchedule retry;
  int threads = 4;
  std::int64_t lease_ms = 300'000;          ///< longer than any send takes
  std::int64_t poll_ms = 5'000;             ///< for mails of other daemons; own ones wake
  std::int64_t keep_ms = 7 * 86'400'000LL;  ///< mails that ended, for reeldctl
};

class Dispatcher {
 public:
  /// Everything outlives this.
  Dispatcher(DispatcherOptions options, Notifier& notifier, const users::MailTokens& tokens,
             db::Database& database, const Clock& clock, const Log& log, Metrics& metrics);
  ~Dispatcher();  ///< stops at once, if it still runs
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /// Takes back what this daemon was sending when it died, then starts the threads. Once.
  void start();
  /// Any thread, never blocks: there may be something to send.
  void wake();
  /// No further claims; waits up to the time for what is being sent.
  void finish(std::chrono::milliseconds patience);
  /// Joins the threads: after the notifier was told to give up, or it waits for it.
  void stop();

  /// Claims and sends one mail on this thread; false if none is due. For tests.
  bool sendOne();
  /// Takes over leases, prunes, counts; once. For tests.
  void keepHouse();

 private:
  struct Claim {
    Mail mail;
    std::optional<Recipient> recipient;  ///< nothing if nobody waits for it
    EpochMs now = 0;
  };
  void work();
  void watch();
  std::optional<Claim> claim();
  Notice noticeOf(const Claim& claim);
  void settle(const Mail& mail, const Error& error);
  void report(const Mail& mail, const std::string& outcome);
  void writeDown(const Mail& mail);
  bool waitFor(std::int64_t ms, const std::function<bool()>& is_news);
  bool isStopping() const;
  std::uint64_t wakes() const;
  std::uint64_t deferrals() const;

  const DispatcherOptions options_;
  Notifier& notifier_;
  const users::MailTokens& tokens_;
  db::Database& database_;
  const Clock& clock_;
  const Log& log_;
  Metrics& metrics_;
  Gauge& waiting_;
  Histogram& seconds_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  int sending_ = 0;
  std::uint64_t wakes_ = 0;      ///< for the senders: something is due
  std::uint64_t deferrals_ = 0;  ///< for the watching thread: the next one may be due earlier
  std::vector<std::thread> threads_;
};

}  // namespace reeld::notify
