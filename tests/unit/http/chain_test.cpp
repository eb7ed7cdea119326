// The interceptor onion: order, refusals, scratch, and completion exactly once.
#include "http/chain.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::http;

namespace {

/// Stands for an exchange where only the chain is looked at.
class Probe final : public Interception {
 public:
  explicit Probe(ChainRun& run) : run_(run) {}
  const Exchange& exchange() const noexcept override { std::terminate(); }
  std::string_view methodText() const noexcept override { return "GET"; }
  std::string_view endpoint() const noexcept override { return "/"; }
  std::string_view userId() const noexcept override { return ""; }
  RouteGroup group() const noexcept override { return RouteGroup::Api; }
  int status() const noexcept override { return 0; }
  bool isRefused() const noexcept override { return run_.isRefused(); }
  std::uint64_t bytesIn() const noexcept override { return 0; }
  std::uint64_t bytesOut() const noexcept override { return 0; }
  EpochMs startedMs() const noexcept override { return 0; }
  std::int64_t startedUs() const noexcept override { return 0; }
  std::int64_t elapsedUs() const noexcept override { return 0; }
  std::span<std::byte> scratch() noexcept override { return run_.scratch(); }
  void respond(int, std::string_view, std::uint32_t) noexcept override {}
  void setHeader(std::string_view, std::string_view) noexcept override {}

 private:
  ChainRun& run_;
};

class Layer final : public Interceptor {
 public:
  Layer(std::string name, std::string& log, bool refuses = false, std::size_t scratch = 8)
      : name_(std::move(name)), log_(log), refuses_(refuses), scratch_(scratch) {}
  std::string_view name() const noexcept override { return name_; }
  std::size_t scratchSize() const noexcept override { return scratch_; }
  Phases phases() const noexcept override { return has; }
  bool covers(const Route* route) const noexcept override {
    return !only_routed || route != nullptr;
  }
  Verdict onRequest(Interception& at) noexcept override {
    log_ += name_ + "> ";
    CHECK(at.scratch().size() == scratch_);
    for (const std::byte byte : at.scratch()) {
      CHECK(byte == std::byte{0});
    }
    std::fill(at.scratch().begin(), at.scratch().end(), static_cast<std::byte>(name_[0]));
    return refuses_ ? Verdict::Responded : Verdict::Continue;
  }
  void onResponse(Interception& at) noexcept override {
    check(at);
    log_ += name_ + "= ";
  }
  void onComplete(Interception& at) noexcept override {
    check(at);
    log_ += name_ + "< ";
  }
  bool only_routed = false;
  Phases has;

 private:
  void check(Interception& at) {
    if (!has.request) {
      return;
    }
    for (const std::byte byte : at.scratch()) {
      CHECK(byte == static_cast<std::byte>(name_[0]));
    }
  }
  std::string name_;
  std::string& log_;
  bool refuses_;
  std::size_t scratch_;
};

std::string passed(const std::vector<ChainPlace>& ordered, const Route* route, std::string& log) {
  const Chain chain(ordered, route);
  ChainRun run;
  Probe probe(run);
  for (int round = 0; round < 2; ++round) {
    log.clear();
    run.begin(chain);
    run.request(probe);
    run.response(probe);
    run.complete(probe);
    run.complete(probe);
  }
  return log;
}

}  // namespace

TEST_CASE("requests go outside-in, completion inside-out, once") {
  std::string log;
  Layer a("a", log);
  Layer b("b", log, false, 20);
  Layer c("c", log, false, 0);
  CHECK(passed({{&a}, {&b}, {&c}}, nullptr, log) == "a> b> c> a= b= c= c< b< a< ");
}

TEST_CASE("a refusal stops the descent, and only those who had their turn complete") {
  std::string log;
  Layer a("a", log);
  Layer b("b", log, true);
  Layer c("c", log);
  CHECK(passed({{&a}, {&b}, {&c}}, nullptr, log) == "a> b> a= b= b< a< ");
}

TEST_CASE("who does not cover a route costs nothing there") {
  std::string log;
  Layer a("a", log);
  Layer b("b", log);
  b.only_routed = true;
  const Route route;
  CHECK(passed({{&a}, {&b}}, nullptr, log) == "a> a= a< ");
  CHECK(passed({{&a}, {&b}}, &route, log) == "a> b> a= b= b< a< ");
  CHECK(Chain({}, &route).members().empty());
}

TEST_CASE("too much scratch is refused at start") {
  std::string log;
  Layer a("a", log, false, 257);
  std::vector<ChainPlace> ordered = {{&a}};
  CHECK_THROWS_WITH(Chain(ordered, nullptr), ContainsSubstring("256 bytes"));
}

TEST_CASE("an interceptor is left out of groups of routes that are not its own") {
  std::string log;
  Layer a("a", log);
  Layer b("b", log);
  Route route;
  route.group = RouteGroup::Media;
  const std::vector<ChainPlace> ordered = {
      {&a, bitOf(RouteGroup::Media)},
      {&b, static_cast<RouteGroups>(AllRouteGroups & ~bitOf(RouteGroup::Media))}};
  CHECK(passed(ordered, &route, log) == "a> a= a< ");
  CHECK(passed(ordered, nullptr, log) == "b> b= b< ");
}

TEST_CASE("a phase without a function costs nothing, and its turn still counts") {
  std::string log;
  Layer a("a", log);
  Layer b("b", log, true);
  Layer c("c", log);
  a.has = {.request = false, .response = false, .complete = true};
  c.has = {.request = false, .response = true, .complete = true};
  CHECK(passed({{&a}, {&b}, {&c}}, nullptr, log) == "b> b= b< a< ");
  const std::vector<ChainPlace> ordered = {{&a}, {&b}, {&c}};
  const Chain chain(ordered, nullptr);
  CHECK(chain.requests().size() == 1);
  CHECK(chain.responses().size() == 2);
  CHECK(chain.completions().size() == 3);
}

TEST_CASE("what was not begun is not completed") {
  std::string log;
  Layer a("a", log);
  const std::vector<ChainPlace> ordered = {{&a}};
  const Chain chain(ordered, nullptr);
  ChainRun run;
  Probe probe(run);
  run.begin(chain);
  run.response(probe);
  run.complete(probe);
  CHECK(log.empty());
}
