// Calling a plugin: admission, the cap, lateness and suspension, shutdown, and what its answers
// become.
#include "plugin/call.h"

#include "plugin/adapters/auth.h"
#include "world.h"

#include <thread>

using namespace reeld;
using namespace reeld::test;
using users::Verdict;

namespace {

struct Asked {
  World world;
  plugin::Instance* instance = nullptr;
  std::unique_ptr<users::IdentityProvider> provider;

  explicit Asked(plugin::CallLimits limits = {}) {
    world.limits = limits;
    world.add(tiny("scripted-b"));
    instance = world.run({{"who", "scripted-b", true, {}}}).find("who");
    provider = plugin::adapters::identityProvider(*instance);
  }
  users::IdentityProvider::Answer ask(const std::string& identifier) {
    return provider->authenticate("password", identifier, "secret", "127.0.0.1");
  }
};

plugin::CallLimits quick() {
  plugin::CallLimits limits;
  limits.deadline = std::chrono::milliseconds(2);
  limits.overruns_to_suspend = 3;
  limits.health_interval = std::chrono::milliseconds(10);
  return limits;
}

}  // namespace

TEST_CASE("a provider's answers become verdicts") {
  Asked asked;
  const auto ok = asked.ask("ok");
  CHECK(ok.verdict == Verdict::Ok);
  CHECK(ok.identity.subject == "subject-1");
  CHECK(ok.identity.email == "ada@example.org");
  CHECK(ok.identity.email_verified);
  CHECK(asked.ask("denied").verdict == Verdict::Denied);
  CHECK(asked.ask("somebody else's").verdict == Verdict::Defer);
  CHECK_FALSE(asked.provider->keepsRecords());
  CHECK_FALSE(asked.provider->cpuBound());
}

TEST_CASE("OK without an identity is not a sign-in") {
  Asked asked;
  CHECK(codeThrown([&] { asked.ask("nobody"); }) == ErrorCode::Internal);
}

TEST_CASE("a plugin's fault carries the instance's name and its time to retry") {
  Asked asked;
  try {
    asked.ask("down");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Unavailable);
    CHECK(error.what() == std::string("plugin \"who\": the server is down"));
    CHECK(error.retryAfterMs() == 2500);
  }
  CHECK(asked.instance->stats().errors() == 1);
}

TEST_CASE("a status that does not exist is an internal fault") {
  Asked asked;
  CHECK(codeThrown([&] { asked.ask("unknown status"); }) == ErrorCode::Internal);
}

TEST_CASE("an exception stays inside the plugin and arrives as its text") {
  World world;
  world.add(tiny("throws"));
  const auto provider =
      plugin::adapters::identityProvider(*world.run({{"ldap", "throws", true, {}}}).find("ldap"));
  CHECK(messageOf([&] { provider->authenticate("password", "x", "s", ""); }) ==
        "plugin \"ldap\": ldap down");
  CHECK(messageOf([&] { provider->authenticate("password", "int", "s", ""); }) ==
        "plugin \"ldap\": unknown exception");
}

TEST_CASE("calls beyond the cap are refused while those before them run") {
  plugin::CallLimits limits;
  limits.max_concurrent = 2;
  Asked asked(limits);
  std::vector<std::jthread> blocked;
  for (int i = 0; i < 2; ++i) {
    blocked.emplace_back([&] { codeThrown([&] { asked.ask("block"); }); });
  }
  std::string reason;
  REQUIRE(eventually([&] {
    try {
      asked.ask("denied");
      return false;
    } catch (const Error& error) {
      reason = error.reason();
      return error.code() == ErrorCode::Exhausted;
    }
  }));
  CHECK(reason == "busy");
  // stop() cancels them and waits for them.
  CHECK(asked.instance->stop(std::chrono::seconds(10)));
  CHECK(asked.instance->state() == plugin::State::Destroyed);
}

TEST_CASE("a plugin that is late again and again is left alone until it is well") {
  Asked asked(quick());
  const std::string ill = asked.world.folder / "data/instances/who/ill";
  std::ofstream(ill) << "yes";
  for (int i = 0; i < 3; ++i) {
    CHECK(asked.ask("late").verdict == Verdict::Denied);
  }
  CHECK(asked.instance->state() == plugin::State::Suspended);
  const auto calls = asked.instance->stats().calls();
  CHECK(codeThrown([&] { asked.ask("ok"); }) == ErrorCode::Unavailable);
  CHECK(asked.instance->stats().calls() == calls);  // it was not made
  CHECK_THAT(asked.instance->reason(), ContainsSubstring("3 calls in a row"));
  REQUIRE(eventually(
      [&] { return asked.world.log.text().find("plugin still suspended") != std::string::npos; }));
  CHECK(asked.instance->state() == plugin::State::Suspended);

  std::filesystem::remove(ill);
  REQUIRE(eventually([&] { return asked.instance->state() == plugin::State::Started; }));
  CHECK(asked.instance->reason().empty());
  CHECK(eventually([&] { return codeThrown([&] { asked.ask("ok"); }) == ErrorCode::Ok; }));
}

TEST_CASE("a stopped plugin is not called any more") {
  Asked asked;
  asked.world.registry->stop(std::chrono::seconds(5));
  CHECK_THAT(messageOf([&] { asked.ask("ok"); }), ContainsSubstring("plugin \"who\" is destroyed"));
}

TEST_CASE("the provider of an instance that failed says why") {
  World world;
  auto& registry = world.run({{"gone", "absent", false, {}}});
  const auto provider = plugin::adapters::identityProvider(*registry.find("gone"));
  CHECK(provider->name() == "gone");
  CHECK(codeThrown([&] { provider->authenticate("password", "x", "y", ""); }) ==
        ErrorCode::Unavailable);
  CHECK_THAT(messageOf([&] { provider->enroll("x"); }),
             ContainsSubstring("is failed: plugin \"gone\" (absent.so): is in none"));
}

TEST_CASE("a plugin that something still runs in is left behind, not destroyed") {
  Asked asked;
  auto lease = std::make_unique<plugin::Lease>(*asked.instance);
  CHECK_FALSE(asked.instance->stop(std::chrono::milliseconds(5)));
  CHECK(asked.world.log.text().find("destroyed") == std::string::npos);
  lease.reset();
  CHECK(asked.instance->stop(std::chrono::seconds(5)));
  CHECK_THAT(asked.world.log.text(), ContainsSubstring("destroyed"));
}
