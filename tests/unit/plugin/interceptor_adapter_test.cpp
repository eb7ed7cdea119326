// The port of http over an interceptor written in plain C; what it may do in which phase, and what
// is left of it when it crashes.
#include "fakes/fake_exchange.h"
#include "plugin/adapters/interceptor.h"
#include "plugin/crash.h"
#include "plugin/quarantine.h"
#include "world.h"

#include <reeld/kind/auth.h>

#include <sys/wait.h>

#include <array>
#include <csignal>

using namespace reeld;
using namespace reeld::test;

namespace {

/// An exchange on which an interceptor's doings can be read.
class Watched final : public http::Interception {
 public:
  const http::Exchange& exchange() const noexcept override { return fake; }
  std::string_view methodText() const noexcept override { return "GET"; }
  std::string_view endpoint() const noexcept override { return "/api/v1/videos"; }
  std::string_view userId() const noexcept override { return "7"; }
  http::RouteGroup group() const noexcept override { return http::RouteGroup::Api; }
  int status() const noexcept override { return now; }
  bool isRefused() const noexcept override { return false; }
  std::uint64_t bytesIn() const noexcept override { return 0; }
  std::uint64_t bytesOut() const noexcept override { return 0; }
  EpochMs startedMs() const noexcept override { return 0; }
  std::int64_t startedUs() const noexcept override { return 1; }
  std::int64_t elapsedUs() const noexcept override { return 5; }
  std::span<std::byte> scratch() noexcept override { return bytes; }
  void respond(int status, std::string_view problem,
               std::uint32_t retry_after_ms) noexcept override {
    said += std::to_string(status) + " " + std::string(problem) + " " +
            std::to_string(retry_after_ms) + "; ";
  }
  void setHeader(std::string_view name, std::string_view value) noexcept override {
    said += std::string(name) + "=" + std::string(value) + "; ";
  }

  FakeExchange fake;
  std::string said;
  int now = 0;
  std::array<std::byte, 3> bytes{};
};

struct Passer {
  World world;
  plugin::Instance* instance;
  std::unique_ptr<http::Interceptor> interceptor;
  explicit Passer(const std::string& plugin = "passer") {
    world.add(tiny(plugin));
    instance = world.run({{"mine", plugin, true, {}}}).find("mine");
    interceptor = plugin::adapters::interceptor(*instance);
  }
};

/// The signal that ends a child process which runs body with crashes told; its stderr goes nowhere.
template <class Body>
int signalOf(Body&& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    for (const int fault : {SIGABRT, SIGSEGV}) {
      std::signal(fault, SIG_DFL);  // not the test program's own way to tell
    }
    plugin::tellCrashes();
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("the phases reach the plugin with what they may do, and scratch is its own") {
  Passer passer;
  Watched at;
  CHECK(passer.interceptor->name() == "mine");
  CHECK(passer.interceptor->scratchSize() == 3);
  CHECK(passer.interceptor->onRequest(at) == http::Verdict::Continue);
  CHECK(at.said == "X-Group=api; X-User=7; ");
  at.said.clear();
  at.now = 200;
  passer.interceptor->onResponse(at);
  CHECK(at.said == "X-Method=GET; ");
  at.said.clear();
  passer.interceptor->onComplete(at);
  CHECK(at.said.empty());
  CHECK(at.bytes == std::array{std::byte{1}, std::byte{1}, std::byte{1}});
  CHECK(passer.instance->stats().calls() == 3);
}

TEST_CASE("a refusal comes through as it was said, and an odd answer is one without words") {
  Passer passer;
  Watched at;
  at.fake.headers["x-do"] = "refuse";
  CHECK(passer.interceptor->onRequest(at) == http::Verdict::Responded);
  CHECK_THAT(at.said, EndsWith("403 no-entry 1500; "));
  at.said.clear();
  at.fake.headers["x-do"] = "odd";
  CHECK(passer.interceptor->onRequest(at) == http::Verdict::Responded);
  CHECK(at.said == "X-Group=api; X-User=7; ");
}

TEST_CASE("a plugin says on which routes it has nothing to do") {
  const Passer passer;
  http::Route route;
  route.pattern = "/x";
  CHECK(passer.interceptor->covers(&route));
  CHECK(passer.interceptor->covers(nullptr));
  route.group = http::RouteGroup::Media;
  CHECK_FALSE(passer.interceptor->covers(&route));
}

TEST_CASE("an instance is not destroyed while it is in a chain") {
  Passer passer;
  CHECK_FALSE(passer.instance->stop(std::chrono::milliseconds(1)));
  passer.interceptor.reset();
  CHECK(passer.instance->stop(std::chrono::seconds(5)));
  CHECK(codeThrown([&] { plugin::adapters::interceptor(*passer.instance); }) ==
        ErrorCode::Unavailable);
}

TEST_CASE("an instance of another kind is no interceptor") {
  World world;
  world.add(tiny("good"));
  auto* instance = world.run({{"x", "good", true, {}}}).find("x");
  CHECK(codeThrown([&] { plugin::adapters::interceptor(*instance); }) == ErrorCode::Unsupported);
}

TEST_CASE("a crash in an interceptor is told by its record, and ends the process as before") {
  for (const char* plugin : {"passer", "throws-hot"}) {
    CAPTURE(plugin);
    Passer passer(plugin);
    Watched at;
    at.fake.headers["x-do"] = "crash";
    CHECK(signalOf([&] { passer.interceptor->onRequest(at); }) == SIGABRT);
    std::ifstream record(passer.instance->crashRecord());
    std::string line;
    std::getline(record, line);
    CHECK_THAT(line, EndsWith(" SIGABRT on_request()"));
    CHECK(std::stoll(line) > 1'700'000'000);
  }
}

TEST_CASE("a crash outside of plugins leaves no record") {
  const Passer passer;
  CHECK(signalOf([] { ::abort(); }) == SIGABRT);
  CHECK(signalOf([] { ::raise(SIGSEGV); }) == SIGSEGV);
  CHECK_FALSE(std::filesystem::exists(passer.instance->crashRecord()));
}

TEST_CASE("three crashes within ten minutes are a quarantine, until the file is another") {
  const TempFolder folder;
  const std::string record = folder / "x.crashes";
  const std::string file = folder / "x.so";
  CHECK_FALSE(plugin::quarantine(record, file));
  write(file, "");
  const auto crashes = [&](const std::vector<int>& seconds) {
    std::string text = "what no daemon wrote\n";
    for (const int at : seconds) {
      text += std::to_string(std::int64_t{5'000'000'000} + at) + " SIGSEGV on_request()\n";
    }
    write(record, text);
    return plugin::quarantine(record, file).has_value();
  };
  CHECK_FALSE(crashes({}));
  CHECK_FALSE(crashes({0, 1}));
  CHECK(crashes({0, 1, 2}));
  CHECK(crashes({0, 300, 600}));
  CHECK_FALSE(crashes({0, 300, 601}));
  CHECK(crashes({0, 1000, 1300, 1500, 9000}));
  const auto refusal = plugin::quarantine(record, file);
  REQUIRE(refusal);
  CHECK_THAT(refusal->what, EndsWith("the last time with SIGSEGV on_request()"));
  CHECK_THAT(refusal->remedy, ContainsSubstring("rm " + record));
  // Crashes of an earlier file: it was put there after them.
  write(record, "1000 SIGSEGV x\n1001 SIGSEGV x\n1002 SIGSEGV x\n");
  CHECK_FALSE(plugin::quarantine(record, file));
}

TEST_CASE("an instance that is quarantined is left out if it is not required, else it is tried") {
  for (const bool required : {false, true}) {
    CAPTURE(required);
    World world;
    world.add(tiny("passer"));
    std::filesystem::create_directories(world.folder / "data/instances");
    std::string text;
    for (int i = 0; i < 3; ++i) {
      text += std::to_string(std::int64_t{5'000'000'000} + i) + " SIGSEGV on_request()\n";
    }
    write(world.folder / "data/instances/mine.crashes", text);
    auto& registry = world.run({{"mine", "passer", required, {}}});
    CHECK(registry.list()[0].state == (required ? "started" : "failed"));
    if (!required) {
      CHECK_THAT(registry.list()[0].reason,
                 ContainsSubstring("is quarantined: it crashed 3 times"));
    }
  }
}
