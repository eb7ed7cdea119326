// What a plugin can ask of the host: log, metrics, schedule.
#include "plugin/host_log.h"
#include "plugin/host_metrics.h"
#include "plugin/host_schedule.h"
#include "world.h"

#include <reeld/cpp/host.hpp>

#include <atomic>
#include <limits>

using namespace reeld;
using namespace reeld::test;

namespace {

struct Services {
  ReadableLog log;
  Metrics metrics;
  plugin::Host host{"limiter", "/data"};
  plugin::Scheduler scheduler{"test"};
  plugin::HostLog host_log{host, log.log};
  plugin::HostMetrics host_metrics{host, metrics, log.log};
  plugin::HostSchedule host_schedule{host, scheduler};
  sdk::Host seen{host.abi()};
};

}  // namespace

TEST_CASE("a host names the instance and its folder, and has no service it was not given") {
  Services services;
  CHECK(services.seen.instance() == "limiter");
  CHECK(services.seen.dataDir() == "/data");
  CHECK(services.seen.service<void>("reeld.host.sql/1") == nullptr);
  CHECK(services.seen.service<void>("reeld.host.telepathy/1") == nullptr);
}

TEST_CASE("a plugin's line carries its instance and fields, and no raw control character") {
  Services services;
  services.seen.warning("bucket full\nERROR forged", {{"key", "a\nb"}});
  const std::string text = services.log.text();
  CHECK_THAT(text, ContainsSubstring("instance=limiter"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("a plugin's metrics are prefixed and labelled") {
  Services services;
  const auto counter = services.seen.counter("hits_total", "hits");
  counter.add();
  counter.add(2);
  counter.add(-5);  // a counter never falls
  services.seen.gauge("size_bytes", "size").add(4);
  services.seen.histogram("wait_seconds", "wait").add(0.2);
  const std::string text = services.metrics.text();
  CHECK_THAT(text, ContainsSubstring("reeld_plugin_hits_total{instance=\"limiter\"} 3"));
  CHECK_THAT(text, ContainsSubstring("reeld_plugin_size_bytes{instance=\"limiter\"} 4"));
  CHECK_THAT(text, ContainsSubstring("reeld_plugin_wait_seconds_count{instance=\"limiter\"} 1"));
}

TEST_CASE("a metric is the same for the same name, and refused for a bad one") {
  Services services;
  const auto* table = services.seen.service<reeld_host_metrics>(REELD_HOST_METRICS);
  const auto define = [&](int32_t kind, std::string_view name) {
    return table->define(services.host.abi(), kind, sdk::abi(name), sdk::abi("help"));
  };
  const auto first = define(REELD_COUNTER, "hits_total");
  CHECK(first != 0);
  CHECK(define(REELD_COUNTER, "hits_total") == first);
  CHECK(define(REELD_GAUGE, "hits_total") == 0);
  CHECK(define(REELD_COUNTER, "Hits") == 0);
  CHECK(define(REELD_COUNTER, "a\"} 1\nforged") == 0);
  CHECK(define(9, "other") == 0);
  table->add(services.host.abi(), 0, 1);
  table->add(services.host.abi(), std::numeric_limits<uint64_t>::max(), 1);
}

TEST_CASE("a task runs from begin on, again and again, until it is stopped") {
  Services services;
  std::atomic<int> runs{0};
  auto task = services.seen.every(10, [&] { ++runs; });
  CHECK(runs == 0);
  services.scheduler.begin();
  REQUIRE(eventually([&] { return runs >= 3; }));
  task.stop();
  const int then = runs;
  CHECK_FALSE(services.seen.service<void>(REELD_HOST_SCHEDULE) == nullptr);
  CHECK(runs == then);
}

TEST_CASE("a task may stop itself, and what it throws is logged") {
  Services services;
  const auto* table = services.seen.service<reeld_host_schedule>(REELD_HOST_SCHEDULE);
  struct Context {
    const reeld_host* host;
    const reeld_host_schedule* table;
    std::atomic<uint64_t> id{0};
    std::atomic<int> runs{0};
  } context{services.host.abi(), table, {}, {}};
  context.id = table->every(
      services.host.abi(), 10,
      [](void* ctx) {
        auto* c = static_cast<Context*>(ctx);
        ++c->runs;
        c->table->stop(c->host, c->id);
      },
      &context);
  auto thrower = services.seen.every(10, [] { throw std::runtime_error("flush failed"); });
  services.scheduler.begin();
  REQUIRE(
      eventually([&] { return services.log.text().find("flush failed") != std::string::npos; }));
  CHECK(context.runs == 1);
}

TEST_CASE("a period that is too short is refused") {
  Services services;
  CHECK_THROWS_AS(services.seen.every(1, [] {}), sdk::Failure);
}

TEST_CASE("end waits for the task that runs, but not for ever") {
  std::atomic<bool> entered{false};
  std::atomic<bool> release{false};
  auto scheduler = std::make_unique<plugin::Scheduler>("test");
  scheduler->begin();
  scheduler->every(std::chrono::milliseconds(10), [&] {
    entered = true;
    while (!release) {
      usleep(1000);
    }
  });
  REQUIRE(eventually([&] { return entered.load(); }));
  CHECK_FALSE(scheduler->end(std::chrono::milliseconds(5)));
  release = true;
  CHECK(scheduler->end(std::chrono::seconds(10)));
  CHECK(scheduler->every(std::chrono::seconds(1), [] {}) == 0);
}
