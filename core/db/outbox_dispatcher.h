// One thread that numbers the outbox and hands its events to the sinks. Of several daemons on one
// database one leads (Database::tryLead) and does all of it; the others wait their turn.
//
// A sink that is new starts with the oldest event still kept. Events are deleted when every sink of
// this daemon has taken them and they are an hour old, so that a repetition can still be explained;
// with no sink at all they are kept for a week, for a sink that is configured later. What a sink
// has not taken is never deleted.
#pragma once
#include "base/log.h"
#include "base/metrics.h"
#include "db/database.h"
#include "db/event_sink.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reeld::db {

struct DispatcherOptions {
  std::chrono::milliseconds poll{500};         ///< for events of other daemons
  std::chrono::milliseconds ask_lead{5000};    ///< of who does not lead
  std::chrono::milliseconds first_pause{500};  ///< after a refusal; doubles
  std::chrono::milliseconds longest_pause{60000};
  std::chrono::milliseconds keep_taken{std::chrono::hours(1)};
  std::chrono::milliseconds keep_without_sinks{std::chrono::hours(24 * 7)};
};

class OutboxDispatcher {
 public:
  OutboxDispatcher(Database& database, const Log& log, Metrics& metrics,
                   DispatcherOptions options = {});
  ~OutboxDispatcher();
  OutboxDispatcher(const OutboxDispatcher&) = delete;
  OutboxDispatcher& operator=(const OutboxDispatcher&) = delete;

  /// Before start(). The sink must live until stop() has returned.
  void addSink(EventSink& sink);
  void start();
  /// Any thread: there may be something to dispatch.
  void wake() noexcept;
  /// Any thread: returns once the sink has taken everything that was committed before the call, on
  /// whichever daemon. A sink that is given a pause is asked at once, if this daemon leads. Throws
  /// UNAVAILABLE (reason events-wait) if it has not within the time, or refuses again and again
  /// meanwhile. Few threads may wait that long at once: with them all, a sink that is away would
  /// stop everything else.
  void flush(const std::string& sink, std::chrono::milliseconds within);
  /// Ends after the batch in progress; idempotent.
  void stop() noexcept;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Feed {
    EventSink* sink;
    Gauge* lag;
    std::chrono::milliseconds pause{0};  ///< after the last refusal; 0 = none
    Time not_before{};
    bool behind = true;         ///< it may have more to take
    std::int64_t refusals = 0;  ///< of everything; under mutex_
  };

  void loop();
  bool round();
  bool leads();
  bool feed(Feed& feed);
  void refused(Feed& feed, const std::string& why);
  void prune();
  void waitForWork(bool more);
  void endPauses();
  void hurry();
  std::int64_t refusalsOf(const std::string& sink) const;
  bool stopping() const;

  Database& database_;
  const Log& log_;
  Metrics& metrics_;
  DispatcherOptions options_;
  std::vector<Feed> feeds_;
  std::unique_ptr<Database::Leadership> lead_;
  Time ask_at_{};  ///< for the lead
  Time prune_at_{};

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool woken_ = false;
  bool hurries_ = false;  ///< somebody waits for what a sink counts
  std::atomic<int> flushing_ = 0;
  std::thread thread_;
};

}  // namespace reeld::db
