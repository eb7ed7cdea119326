// The sink of events over a plugin written in plain C, through a registry as the daemon has it.
#include "plugin/adapters/analytics.h"
#include "world.h"

#include <reeld/kind/analytics.h>

using namespace reeld;
using namespace reeld::test;

namespace {

db::DispatchedEvent eventOf(const std::string& type, std::optional<std::int64_t> user = 7) {
  return {.seq = 1,
          .event_id = "id",
          .type = type,
          .user_id = user,
          .subject = "video:17",
          .json = "{}",
          .created_at = 1234};
}

}  // namespace

TEST_CASE("events reach the plugin whole, and what it took from the front is taken") {
  World world;
  world.add(tiny("listener"));
  auto& registry = world.run({{"sink", "listener", true, {}}});
  const auto sink =
      plugin::adapters::eventSink(registry.require("sink", REELD_ANALYTICS, "analytics"));
  CHECK(sink->name() == "sink");
  CHECK(sink->maxBatch() == REELD_MAX_EVENTS);
  CHECK(sink->consume({eventOf("a"), eventOf("b", std::nullopt)}) == 2);
  CHECK(sink->consume({eventOf("a"), eventOf("stop"), eventOf("b")}) == 1);
  CHECK(messageOf([&] { sink->consume({eventOf("stop")}); }) == "plugin \"sink\": enough for now");
  auto broken = eventOf("a");
  broken.subject = "user:1";
  CHECK(codeThrown([&] { sink->consume({broken}); }) == ErrorCode::Corrupt);
}

TEST_CASE("what a plugin counts can be asked for, if it says so") {
  World world;
  world.add(tiny("listener"));
  world.add(tiny("old-listener"));
  auto& registry = world.run({{"sink", "listener", true, {}}, {"old", "old-listener", true, {}}});
  const auto source =
      plugin::adapters::reportSource(registry.require("sink", REELD_ANALYTICS, "analytics"));
  REQUIRE(source != nullptr);
  CHECK(source->name() == "sink");
  const Json params = Json::parse(R"({"from":"2026-11-01","top":3})");
  CHECK(source->report("echo", params).dump() == params.dump());
  CHECK(codeThrown([&] { source->report("weather", params); }) == ErrorCode::NotFound);
  CHECK(codeThrown([&] { source->report("noise", params); }) == ErrorCode::Corrupt);
  CHECK(plugin::adapters::reportSource(registry.require("old", REELD_ANALYTICS, "analytics")) ==
        nullptr);
}

TEST_CASE("an instance that offers another kind is told of no events") {
  World world;
  world.add(bundled("storage-disk"));
  auto& registry = world.run({{"disk", "storage-disk", true, {}}});
  CHECK(codeThrown([&] { registry.require("disk", REELD_ANALYTICS, "analytics"); }) ==
        ErrorCode::Invalid);
}
