#include "db/outbox_dispatcher.h"

#include "db/outbox_table.h"

#include <algorithm>
#include <limits>

namespace reeld::db {

namespace {
constexpr std::int64_t NumberAtOnce = 500;
constexpr std::int64_t DeleteAtOnce = 500;
constexpr std::chrono::minutes PruneEvery{1};
/// How often flush() looks.
constexpr std::chrono::milliseconds FirstLook{2};
constexpr std::chrono::milliseconds LongestLook{50};
/// How often a sink that refuses is asked all the same while somebody waits.
constexpr std::chrono::milliseconds HurryEvery{500};
/// So many may wait as long as they like; who comes after them only for a turn of the dispatcher.
constexpr int MostPatient = 3;
constexpr std::chrono::milliseconds Impatience{100};
/// The first may have been under way before anybody waited.
constexpr std::int64_t RefusalsToGiveUp = 2;
/// When to ask again for what waits for a sink.
constexpr std::uint32_t ComeAgainMs = 5000;

/// One of those who wait.
class Waiting {
 public:
  explicit Waiting(std::atomic<int>& count) : count_(count), place_(++count) {}
  ~Waiting() { --count_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  int place() const noexcept { return place_; }

 private:
  std::atomic<int>& count_;
  const int place_;
};

}  // namespace

OutboxDispatcher::OutboxDispatcher(Database& database, const Log& log, Metrics& metrics,
                                   DispatcherOptions options)
    : database_(database), log_(log), metrics_(metrics), options_(options) {}

OutboxDispatcher::~OutboxDispatcher() { stop(); }

void OutboxDispatcher::addSink(EventSink& sink) {
  Gauge& lag = metrics_.gauge("reeld_db_outbox_lag_events",
                              "Events that a sink has not taken yet, as of its last batch",
                              {{"sink", sink.name()}});
  feeds_.push_back({.sink = &sink, .lag = &lag});
}

void OutboxDispatcher::start() {
  thread_ = std::thread([this] { loop(); });
  database_.listen(News::Event, [this] { wake(); });
}

void OutboxDispatcher::wake() noexcept {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void OutboxDispatcher::flush(const std::string& sink, std::chrono::milliseconds within) {
  OutboxMark mark = outboxMark(database_);
  if (isTaken(database_, sink, mark))
    return;
  const Waiting waiting(flushing_);
  const auto until = std::chrono::steady_clock::now() +
                     (waiting.place() <= MostPatient ? within : std::min(within, Impatience));
  const std::int64_t refusals = refusalsOf(sink);
  Time hurry_at{};
  for (auto pause = FirstLook; !isTaken(database_, sink, mark);
       pause = std::min(pause * 2, LongestLook)) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= until || refusalsOf(sink) - refusals >= RefusalsToGiveUp) {
      throw Error(ErrorCode::Unavailable,
                  "what happened last is not counted yet: " + sink + " has not taken its events")
          .reason("events-wait")
          .retryAfter(ComeAgainMs);
    }
    if (now >= hurry_at) {
      hurry();
      hurry_at = now + HurryEvery;
    }
    std::this_thread::sleep_for(pause);
  }
}

void OutboxDispatcher::hurry() {
  const std::lock_guard lock(mutex_);
  hurries_ = true;
  woken_ = true;
  changed_.notify_one();
}

std::int64_t OutboxDispatcher::refusalsOf(const std::string& sink) const {
  const std::lock_guard lock(mutex_);
  for (const Feed& each : feeds_) {
    if (each.sink->name() == sink)
      return each.refusals;
  }
  return 0;
}

void OutboxDispatcher::endPauses() {
  {
    const std::lock_guard lock(mutex_);
    if (!hurries_)
      return;
    hurries_ = false;
  }
  for (Feed& each : feeds_)
    each.not_before = {};
}

void OutboxDispatcher::stop() noexcept {
  if (!thread_.joinable())
    return;
  database_.listen(News::Event, {});
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_one();
  }
  thread_.join();
  lead_.reset();
}

bool OutboxDispatcher::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void OutboxDispatcher::loop() {
  while (!stopping()) {
    bool more = false;
    // A worker loop's guard: the database may be away for a while, the thread stays.
    try {
      more = round();
    } catch (const std::exception& error) {
      lead_.reset();
      log_.warning("the outbox waits for the database", {{"error", error.what()}});
    }
    waitForWork(more);
  }
}

/// True if there may be more to do at once.
bool OutboxDispatcher::round() {
  if (!leads())
    return false;
  endPauses();
  const std::int64_t numbered = numberEvents(database_, NumberAtOnce);
  bool more = numbered == NumberAtOnce;
  for (Feed& each : feeds_) {
    if (stopping())
      return false;
    // Looking for events of others takes one question while there are none.
    if (numbered > 0 || each.behind)
      more = feed(each) || more;
  }
  prune();
  return more;
}

bool OutboxDispatcher::leads() {
  if (lead_ != nullptr && lead_->held())
    return true;
  lead_.reset();
  // Asking costs a connection: not at every commit of a daemon that does not lead.
  const auto now = std::chrono::steady_clock::now();
  if (now < ask_at_) {
    return false;
  }
  ask_at_ = now + options_.ask_lead;
  lead_ = database_.tryLead("outbox");
  if (lead_ != nullptr) {
    log_.debug("this daemon dispatches events");
    for (Feed& each : feeds_)
      each.behind = true;
  }
  return lead_ != nullptr;
}

bool OutboxDispatcher::feed(Feed& each) {
  each.behind = true;
  if (std::chrono::steady_clock::now() < each.not_before)
    return false;
  const std::string& name = each.sink->name();
  const std::int64_t cursor = cursorOf(database_, name);
  const std::size_t limit = std::max<std::size_t>(each.sink->maxBatch(), 1);
  const std::vector<DispatchedEvent> batch = eventsAfter(database_, cursor, limit);
  if (batch.empty()) {
    each.lag->set(0);
    each.behind = false;
    return false;
  }
  std::size_t taken = 0;
  std::string why = "it took fewer than offered";
  try {
    taken = std::min(each.sink->consume(batch), batch.size());
  } catch (const std::exception& error) {
    why = error.what();
  }
  // Invariant: the sink has an event before its cursor passes it; a crash between the two repeats
  // it.
  if (taken > 0)
    moveCursor(database_, name, batch[taken - 1].seq);
  each.lag->set(
      static_cast<double>(countAfter(database_, taken > 0 ? batch[taken - 1].seq : cursor)));
  if (taken < batch.size()) {
    if (taken == 0) {
      const std::lock_guard lock(mutex_);
      ++each.refusals;
    }
    refused(each, why);
    return false;
  }
  each.pause = {};
  each.behind = batch.size() == limit;
  return each.behind;
}

void OutboxDispatcher::refused(Feed& each, const std::string& why) {
  each.pause = each.pause.count() == 0 ? options_.first_pause
                                       : std::min(each.pause * 2, options_.longest_pause);
  each.not_before = std::chrono::steady_clock::now() + each.pause;
  log_.warning("a sink did not take its events; they are offered again",
               {{"sink", each.sink->name()}, {"again_in_ms", each.pause.count()}, {"why", why}});
}

void OutboxDispatcher::prune() {
  const auto now = std::chrono::steady_clock::now();
  if (now < prune_at_)
    return;
  std::int64_t taken_by_all = std::numeric_limits<std::int64_t>::max();
  for (const Feed& each : feeds_) {
    taken_by_all = std::min(taken_by_all, cursorOf(database_, each.sink->name()));
  }
  const auto age = feeds_.empty() ? options_.keep_without_sinks : options_.keep_taken;
  const std::int64_t deleted = deleteEvents(database_, taken_by_all, age.count(), DeleteAtOnce);
  // More to delete: at the next round, so that a long backlog does not hold up dispatch.
  if (deleted < DeleteAtOnce)
    prune_at_ = now + PruneEvery;
}

void OutboxDispatcher::waitForWork(bool more) {
  std::unique_lock lock(mutex_);
  Time until =
      std::chrono::steady_clock::now() + (more ? std::chrono::milliseconds(0) : options_.poll);
  const Time now = std::chrono::steady_clock::now();
  for (const Feed& each : feeds_) {
    // Who does not lead offers nothing, whatever pauses there were when it did.
    if (lead_ != nullptr && each.pause.count() > 0 && each.not_before > now)
      until = std::min(until, each.not_before);
  }
  changed_.wait_until(lock, until, [&] { return stop_ || woken_; });
  woken_ = false;
}

}  // namespace reeld::db
