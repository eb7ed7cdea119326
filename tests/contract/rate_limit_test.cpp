// What rate-limit promises: exactly N a minute under any number of threads, each caller and bucket
// by itself, time as it is given, memory that does not grow.
#include "interceptor_held.h"

#include <reeld/kind/report.h>

#include <malloc.h>
#include <time.h>

#include <atomic>
#include <latch>
#include <random>
#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

std::int64_t monotonicUs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

constexpr std::int64_t Second = 1'000'000;
constexpr std::int64_t Minute = 60 * Second;
constexpr std::int64_t Start = 5'000 * Second;

struct Caller {
  const char* group = "api";
  const char* user = "";
  const char* peer = "192.0.2.7";
};

bool passes(const InterceptorHeld& held, std::int64_t now, const Caller& asked = {}) {
  HeldExchange x(asked.group, asked.user, asked.peer, now);
  return held.pass(x);
}

/// How many of `tries` pass at one moment.
int passing(const InterceptorHeld& held, int tries, std::int64_t now, const Caller& asked = {}) {
  int count = 0;
  for (int i = 0; i < tries; ++i) {
    count += passes(held, now, asked) ? 1 : 0;
  }
  return count;
}

std::string report(const InterceptorHeld& held) {
  std::string text;
  const reeld_sink sink{&text, [](void* ctx, reeld_bytes json, std::uint64_t) {
                          *static_cast<std::string*>(ctx) = plugin::view(json);
                        }};
  reeld_error error = plugin::blankError();
  const auto& table = held.table<reeld_report>(REELD_REPORT);
  REQUIRE(table.report(held.self, nullptr, plugin::abi("busiest"), &sink, &error) == REELD_OK);
  return text;
}

}  // namespace

TEST_CASE(
    "of 64 clients at once exactly N pass, per caller and bucket, and one more each Nth part") {
  constexpr int Clients = 64;
  const unsigned seed = std::random_device()();
  std::printf("rate-limit clients: seed %u\n", seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 10; ++round) {
    const int limit = std::uniform_int_distribution(1, 400)(random);
    CAPTURE(seed, limit);
    const InterceptorHeld held("rate-limit", "{\"default\":" + std::to_string(limit) + "}");
    std::int64_t now = Start + std::uniform_int_distribution(0, 1000)(random);
    const auto volley = [&](int each) {
      std::array<std::atomic<int>, 3> passed{};
      std::latch all_there{Clients};
      std::vector<std::jthread> clients;
      for (int client = 0; client < Clients; ++client) {
        clients.emplace_back([&, client] {
          static constexpr std::array Callers = {Caller{}, Caller{.user = "7"},
                                                 Caller{.peer = "2001:db8::1"}};
          all_there.arrive_and_wait();
          for (int i = 0; i < each; ++i) {
            const auto who = static_cast<std::size_t>(client + i) % Callers.size();
            passed[who] += passes(held, now, Callers[who]) ? 1 : 0;
          }
        });
      }
      clients.clear();
      return std::array{passed[0].load(), passed[1].load(), passed[2].load()};
    };
    CHECK(volley(limit / 10 + 3) == std::array{limit, limit, limit});
    CHECK(volley(3) == std::array{0, 0, 0});
    now += Minute / limit - 1;
    CHECK(volley(3) == std::array{0, 0, 0});
    now += 2;
    CHECK(volley(3) == std::array{1, 1, 1});
    now += Minute;
    CHECK(volley(limit / 10 + 3) == std::array{limit, limit, limit});
  }
}

TEST_CASE("each kind of request has its own limit, media none, and 0 is none") {
  const InterceptorHeld held("rate-limit", R"({"auth":2,"stream":3,"upload":0,"default":5})");
  CHECK(passing(held, 100, Start, {.group = "auth"}) == 2);
  CHECK(passing(held, 100, Start, {.group = "stream"}) == 3);
  CHECK(passing(held, 100, Start, {.group = "upload"}) == 100);
  for (const char* group : {"api", "health", "docs", "plugin", "unmatched"}) {
    CHECK(passing(held, 5, Start, {.group = group}) == (std::string(group) == "api" ? 5 : 0));
  }
  CHECK(passing(held, 1000, Start, {.group = "media"}) == 1000);
  reeld_route media{};
  media.struct_size = sizeof media;
  media.group = plugin::abi("media");
  CHECK(held.interceptor.covers(held.self, &media) == 0);
  media.group = plugin::abi("stream");
  CHECK(held.interceptor.covers(held.self, &media) != 0);
}

TEST_CASE("the defaults are those of the documentation") {
  const InterceptorHeld held("rate-limit");
  for (const auto& [group, limit] :
       std::map<const char*, int>{{"auth", 20}, {"stream", 20}, {"upload", 60}, {"api", 300}}) {
    CHECK(passing(held, 400, Start, {.group = group}) == limit);
  }
}

TEST_CASE("a user is one caller wherever he is, an IPv6 subscriber his /64") {
  const InterceptorHeld held("rate-limit", R"({"default":4})");
  CHECK(passing(held, 3, Start, {.user = "7", .peer = "192.0.2.1"}) == 3);
  CHECK(passing(held, 3, Start, {.user = "7", .peer = "192.0.2.2"}) == 1);
  CHECK(passing(held, 9, Start, {.user = "8"}) == 4);
  CHECK(passing(held, 9, Start, {.peer = "192.0.2.1"}) == 4);
  CHECK(passing(held, 9, Start, {.peer = "192.0.2.2"}) == 4);
  CHECK(passing(held, 2, Start, {.peer = "2001:db8:0:1::1"}) == 2);
  CHECK(passing(held, 9, Start, {.peer = "2001:db8:0:1:ffff::"}) == 2);
  CHECK(passing(held, 9, Start, {.peer = "2001:db8:0:2::1"}) == 4);
  // A number as a user is not the address of that number.
  CHECK(passing(held, 9, Start, {.user = "3221225985"}) == 4);
}

TEST_CASE("a refusal says when to come again, and every answer where its caller stands") {
  const InterceptorHeld held("rate-limit", R"({"default":6})");
  HeldExchange first("api", "", "192.0.2.7", Start);
  CHECK(held.pass(first));
  CHECK(first.field("RateLimit-Policy") == "\"default\";q=6;w=60");
  CHECK(first.field("RateLimit") == "\"default\";r=5;t=10");
  CHECK(passing(held, 9, Start) == 5);
  HeldExchange refused("api", "", "192.0.2.7", Start + 2'500'000);
  CHECK_FALSE(held.pass(refused));
  CHECK(refused.refused_with == 429);
  CHECK(std::string(refused.problem.data()) == "rate-limited");
  CHECK(refused.retry_after_ms == 7500);
  CHECK(refused.field("RateLimit") == "\"default\";r=0;t=8");
  CHECK_FALSE(passes(held, Start + 9'999'999));
  CHECK(passes(held, Start + 10'000'000));
}

TEST_CASE("a route may have a bucket of its own, several may share one") {
  const InterceptorHeld held("rate-limit", R"({"default":5,"routes":[
      {"name":"search","route":"/api/v1/videos","method":"GET","per_minute":2},
      {"name":"free","route":"/free/","per_minute":0}]})");
  CHECK(passing(held, 9, Start) == 2);
  HeldExchange head("api", "", "192.0.2.7", Start);
  head.record.method = plugin::abi("HEAD");
  CHECK_FALSE(held.pass(head));
  int posted = 0;
  int free = 0;
  for (int i = 0; i < 9; ++i) {
    HeldExchange post("api", "", "192.0.2.7", Start);
    post.record.method = plugin::abi("POST");
    posted += held.pass(post) ? 1 : 0;
    HeldExchange other("api", "", "192.0.2.7", Start);
    other.record.route = plugin::abi("/free");
    free += held.pass(other) ? 1 : 0;
  }
  CHECK(posted == 5);
  CHECK(free == 9);
}

TEST_CASE("a changed configuration holds at once, and forgets nobody's debt") {
  const InterceptorHeld held("rate-limit", R"({"default":6,"auth":3})");
  CHECK(passing(held, 9, Start) == 6);
  reeld_error error = plugin::blankError();
  const std::string wider = validated(
      held.raw, R"({"default":12,"auth":3,"routes":[{"name":"a","route":"/a","per_minute":1}]})");
  REQUIRE(held.raw->reconfigure(held.self, plugin::abi(wider), &error) == REELD_OK);
  // 60 s are owed; at twelve a minute that is all but nothing more than the tolerance allows.
  CHECK(passing(held, 9, Start) == 0);
  CHECK(passing(held, 99, Start, {.group = "auth"}) == 3);
  CHECK(passing(held, 99, Start + 30 * Second) == 6);
  const std::string twice = validated(
      held.raw,
      R"({"routes":[{"name":"a","route":"/a","per_minute":1},{"name":"a","route":"/b","per_minute":2}]})");
  CHECK(held.raw->reconfigure(held.self, plugin::abi(twice), &error) == REELD_INVALID);
  CHECK(std::string(error.message) == "the bucket a has two limits");
  const std::string none = validated(
      held.raw,
      R"({"routes":[{"name":"a","route":"/a","per_minute":3},{"name":"a","route":"/b","per_minute":0}]})");
  CHECK(held.raw->reconfigure(held.self, plugin::abi(none), &error) == REELD_INVALID);
  const std::string slash = validated(
      held.raw,
      R"({"routes":[{"name":"a","route":"/a","per_minute":3},{"name":"b","route":"/a/","per_minute":3}]})");
  CHECK(held.raw->reconfigure(held.self, plugin::abi(slash), &error) == REELD_INVALID);
  CHECK(passing(held, 99, Start, {.group = "auth"}) == 0);
}

TEST_CASE("a hundred thousand peers cost no memory, and the busiest of them is still known") {
  const InterceptorHeld held("rate-limit", R"({"default":50})");
  CHECK(passing(held, 99, Start, {.peer = "198.51.100.7"}) == 50);
  const auto before = ::mallinfo2().uordblks;
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string peer = "10." + std::to_string(i >> 16) + "." + std::to_string(i >> 8 & 255) +
                             "." + std::to_string(i & 255);
    passed += passes(held, Start, {.peer = peer.c_str()}) ? 1 : 0;
  }
  const auto after = ::mallinfo2().uordblks;
  CHECK(passed == 100'000);
  CHECK(after <= before);
  CHECK_FALSE(passes(held, Start, {.peer = "198.51.100.7"}));
}

TEST_CASE("the busiest callers are told with what they used of which limit") {
  const InterceptorHeld held("rate-limit", R"({"default":100,"auth":2})");
  const std::int64_t now = monotonicUs();
  for (int i = 0; i < 3; ++i) {
    passes(held, now, {.user = "7"});
  }
  passes(held, now, {.group = "auth", .peer = "192.0.2.7"});
  passes(held, now, {.peer = "2001:db8::7"});
  const Json told = Json::parse(report(held));
  REQUIRE(told.array().size() == 3);
  CHECK(told.array()[0].dump() == R"({"caller":"192.0.2.7","bucket":"auth","used":1,"limit":2})");
  CHECK(told.array()[1].dump() == R"({"caller":"user 7","bucket":"default","used":3,"limit":100})");
  CHECK(told.array()[2].dump() ==
        R"({"caller":"2001:db8::/64","bucket":"default","used":1,"limit":100})");
}
