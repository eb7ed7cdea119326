#include "db/outbox.h"

#include "db/migrate.h"
#include "db/outbox_dispatcher.h"
#include "engines.h"

#include <atomic>
#include <set>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

constexpr std::chrono::seconds Patience{20};

/// Remembers what it took; refuses or throws as often as it is told.
class Recorder final : public EventSink {
 public:
  explicit Recorder(std::string name, std::size_t batch = 7)
      : name_(std::move(name)), batch_(batch) {}
  const std::string& name() const override { return name_; }
  std::size_t maxBatch() const override { return batch_; }
  std::size_t consume(const std::vector<DispatchedEvent>& batch) override {
    const std::lock_guard lock(mutex_);
    largest_ = std::max(largest_, batch.size());
    if (throws_ > 0) {
      --throws_;
      throw Error(ErrorCode::Unavailable, "not now");
    }
    std::size_t take = batch.size();
    if (halves_ > 0) {
      --halves_;
      take = batch.size() / 2;
    }
    for (std::size_t i = 0; i < take; ++i)
      events_.push_back(batch[i]);
    changed_.notify_all();
    return take;
  }
  std::vector<DispatchedEvent> waitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, Patience, [&] { return events_.size() >= count; });
    return events_;
  }
  std::size_t largest() {
    const std::lock_guard lock(mutex_);
    return largest_;
  }
  void throwTimes(int times) { throws_ = times; }
  void takeHalfTimes(int times) { halves_ = times; }

 private:
  std::string name_;
  std::size_t batch_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<DispatchedEvent> events_;
  std::size_t largest_ = 0;
  std::atomic<int> throws_ = 0;
  std::atomic<int> halves_ = 0;
};

DispatcherOptions quick() {
  DispatcherOptions options;
  options.poll = std::chrono::milliseconds(50);
  options.ask_lead = options.poll;
  options.first_pause = std::chrono::milliseconds(5);
  return options;
}

void recordOne(Database& database, int number) {
  database.transact([&](Session& session) {
    record(session, {.type = "video.ready",
                     .user_id = 7,
                     .subject = "video:" + std::to_string(number),
                     .json = "{}"});
  });
}

std::int64_t rows(Database& database) {
  static const Statement count("SELECT COUNT(*) FROM outbox");
  return database.read([](Session& session) { return session.query(count).at(0).integer(0); });
}

void requireInOrder(const std::vector<DispatchedEvent>& events, std::size_t count) {
  REQUIRE(events.size() == count);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < events.size(); ++i) {
    CHECK(events[i].seq == static_cast<std::int64_t>(i + 1));
    CHECK(events[i].subject == "video:" + std::to_string(i));
    ids.insert(events[i].event_id);
  }
  CHECK(ids.size() == count);
}

}  // namespace

TEST_CASE("events reach every sink once and in order") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    for (int i = 0; i < 20; ++i)
      recordOne(*database, i);
    Recorder first("first");
    Recorder second("second", 1);
    OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, quick());
    dispatcher.addSink(first);
    dispatcher.addSink(second);
    dispatcher.start();
    for (int i = 20; i < 40; ++i)
      recordOne(*database, i);
    requireInOrder(first.waitFor(40), 40);
    requireInOrder(second.waitFor(40), 40);
    CHECK(first.waitFor(40)[3].type == "video.ready");
    CHECK(first.waitFor(40)[3].user_id == 7);
    CHECK(first.largest() <= 7);
    CHECK(second.largest() == 1);
    dispatcher.stop();
    dispatcher.stop();
  }
}

TEST_CASE("a commit wakes the dispatcher") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    auto options = quick();
    options.poll = std::chrono::hours(1);
    Recorder sink("sink");
    OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, options);
    dispatcher.addSink(sink);
    dispatcher.start();
    for (int i = 0; i < 3; ++i) {
      recordOne(*database, i);
      CHECK(sink.waitFor(static_cast<std::size_t>(i) + 1).size() ==
            static_cast<std::size_t>(i) + 1);
    }
  }
}

TEST_CASE("an event that is refused is offered again") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    sandbox.log.setLevel(static_cast<LogLevel>(0));
    for (int i = 0; i < 30; ++i)
      recordOne(*database, i);
    Recorder sink("sink");
    Recorder other("other");
    sink.throwTimes(3);
    sink.takeHalfTimes(4);
    {
      OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, quick());
      dispatcher.addSink(sink);
      dispatcher.addSink(other);
      dispatcher.start();
      requireInOrder(other.waitFor(30), 30);
      requireInOrder(sink.waitFor(30), 30);
    }
    // The next dispatcher goes on where this one stopped.
    recordOne(*database, 30);
    OutboxDispatcher next(*database, sandbox.log, sandbox.metrics, quick());
    next.addSink(sink);
    next.start();
    requireInOrder(sink.waitFor(31), 31);
  }
}

TEST_CASE("a transaction that rolls back tells nobody") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    int told = 0;
    database->listen(db::News::Event, [&] { ++told; });
    CHECK_THROWS_AS(database->transact([](Session& session) {
      record(session, {.type = "video.created", .subject = "video:1"});
      throw std::runtime_error("no");
    }),
                    std::runtime_error);
    CHECK(told == 0);
    CHECK(rows(*database) == 0);
    recordOne(*database, 1);
    CHECK(told == 1);
  }
}

TEST_CASE("of several daemons one dispatches, and another takes over") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto one = sandbox.open();
    const auto two = sandbox.open();
    migrate(*one, MigrateMode::Auto, sandbox.log);
    Recorder sink("sink");
    auto first = std::make_unique<OutboxDispatcher>(*one, sandbox.log, sandbox.metrics, quick());
    OutboxDispatcher second(*two, sandbox.log, sandbox.metrics, quick());
    first->addSink(sink);
    second.addSink(sink);
    first->start();
    second.start();
    std::thread writer([&] {
      for (int i = 0; i < 60; i += 2)
        recordOne(*two, i);
    });
    for (int i = 1; i < 60; i += 2)
      recordOne(*one, i);
    writer.join();
    auto events = sink.waitFor(60);
    REQUIRE(events.size() == 60);
    for (std::size_t i = 0; i < events.size(); ++i)
      CHECK(events[i].seq == static_cast<std::int64_t>(i + 1));
    first.reset();
    recordOne(*one, 60);
    events = sink.waitFor(61);
    REQUIRE(events.size() == 61);
    CHECK(events[60].seq == 61);
  }
}

TEST_CASE("what every sink has taken is deleted by age, and numbers go on") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    static const Statement age("UPDATE outbox SET created_at = created_at - $1");
    // Runs a dispatcher until the table has so many rows.
    const auto run = [&](EventSink* sink, std::int64_t expected) {
      OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, quick());
      if (sink != nullptr)
        dispatcher.addSink(*sink);
      dispatcher.start();
      const auto until = std::chrono::steady_clock::now() + Patience;
      while (rows(*database) != expected && std::chrono::steady_clock::now() < until) {
        std::this_thread::yield();
      }
      return rows(*database);
    };
    for (int i = 0; i < 5; ++i)
      recordOne(*database, i);
    // Two hours are young without a sink, and old for one that has taken them.
    database->transact([](Session& session) { session.execute(age, 2 * 3600 * 1000); });
    CHECK(run(nullptr, 5) == 5);
    Recorder sink("sink");
    CHECK(run(&sink, 0) == 0);
    requireInOrder(sink.waitFor(5), 5);
    // A week is old without a sink; the numbers of what is gone are not given again.
    recordOne(*database, 5);
    database->transact([](Session& session) { session.execute(age, 8LL * 24 * 3600 * 1000); });
    CHECK(run(nullptr, 0) == 0);
    recordOne(*database, 6);
    OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, quick());
    dispatcher.addSink(sink);
    dispatcher.start();
    const auto events = sink.waitFor(6);
    REQUIRE(events.size() == 6);
    CHECK(events.back().subject == "video:6");
    CHECK(events.back().seq == 7);
  }
}

TEST_CASE("what a sink refuses is kept, however old") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    sandbox.log.setLevel(static_cast<LogLevel>(0));
    static const Statement age("UPDATE outbox SET created_at = created_at - $1");
    recordOne(*database, 0);
    database->transact([](Session& session) { session.execute(age, 30LL * 24 * 3600 * 1000); });
    Recorder refuses("refuses");
    refuses.throwTimes(1000000);
    Recorder takes("takes");
    OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, quick());
    dispatcher.addSink(takes);
    dispatcher.addSink(refuses);
    dispatcher.start();
    CHECK(takes.waitFor(1).size() == 1);
    recordOne(*database, 1);
    CHECK(takes.waitFor(2).size() == 2);
    dispatcher.stop();
    CHECK(rows(*database) == 2);
  }
}

TEST_CASE("flush returns when what was committed before has been taken, also by another daemon") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto one = sandbox.open();
    const auto two = sandbox.open();
    migrate(*one, MigrateMode::Auto, sandbox.log);
    Recorder sink("sink");
    OutboxDispatcher first(*one, sandbox.log, sandbox.metrics, quick());
    OutboxDispatcher second(*two, sandbox.log, sandbox.metrics, quick());
    first.addSink(sink);
    second.addSink(sink);
    first.start();
    first.flush("sink", Patience);  // nothing has ever happened
    second.start();
    for (int i = 0; i < 40; ++i) {
      recordOne(i % 2 == 0 ? *one : *two, i);
      if (i % 10 == 9) {
        (i % 20 == 9 ? first : second).flush("sink", Patience);
        CHECK(sink.waitFor(0).size() == static_cast<std::size_t>(i) + 1);
      }
    }
  }
}

TEST_CASE("flush does not wait for the pause of a sink, and says when it cannot be had") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    migrate(*database, MigrateMode::Auto, sandbox.log);
    sandbox.log.setLevel(static_cast<LogLevel>(0));
    auto options = quick();
    options.first_pause = options.longest_pause = std::chrono::hours(1);
    Recorder sink("sink");
    sink.throwTimes(1);
    OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, options);
    dispatcher.addSink(sink);
    dispatcher.start();
    recordOne(*database, 0);
    dispatcher.flush("sink", Patience);
    CHECK(sink.waitFor(0).size() == 1);
    sink.throwTimes(1000000);
    recordOne(*database, 1);
    CHECK(codeOf([&] { dispatcher.flush("sink", std::chrono::milliseconds(200)); }) ==
          ErrorCode::Unavailable);
    // It is asked twice, half a second apart, and then given up however long it could be waited
    // for.
    const auto began = std::chrono::steady_clock::now();
    CHECK(codeOf([&] { dispatcher.flush("sink", std::chrono::hours(1)); }) ==
          ErrorCode::Unavailable);
    CHECK(std::chrono::steady_clock::now() - began < Patience);
    sink.throwTimes(0);
    dispatcher.flush("sink", Patience);
    CHECK(sink.waitFor(0).size() == 2);
  }
}

TEST_CASE("of many who wait for a sink that nobody feeds only a few wait long") {
  Sandbox sandbox(Dialect::Sqlite);
  const auto database = sandbox.open();
  migrate(*database, MigrateMode::Auto, sandbox.log);
  recordOne(*database, 0);
  OutboxDispatcher dispatcher(*database, sandbox.log, sandbox.metrics, quick());
  std::atomic<int> impatient = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      // Not codeOf(): what it tells Catch2 is for one thread alone.
      const auto began = std::chrono::steady_clock::now();
      try {
        dispatcher.flush("sink", std::chrono::seconds(3));
      } catch (const Error&) {
        impatient += std::chrono::steady_clock::now() - began < std::chrono::seconds(2) ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(impatient == 5);
}
