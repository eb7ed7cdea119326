// status, config check and config print as the daemon answers them.
#include "app/commands/system.h"

#include "catch.h"
#include "harness.h"
#include "unit/app/fixtures.h"

using namespace reeld;
using namespace reeld::app;
using commands::Call;

namespace {

struct ReloadSite {
  explicit ReloadSite(const std::string& yaml) {
    folder.write("reeld.yaml", yaml);
    sources.file = folder.file("reeld.yaml");
    sources.file_was_named = true;
    reload = std::make_unique<service::Reload>(sources, config::load(sources), clock, lines.log,
                                               metrics);
    table = commands::systemCommands(
        {.clock = clock,
         .health = health,
         .reload = *reload,
         .settings = reload->current().settings,
         .sources = sources,
         .listen = "127.0.0.1:1",
         .admin_listen = "",
         .database = "SQLite",
         .started_ms = clock.monotonicMs(),
         .jobs =
             [] {
               return Json(Json::Object{{"running", 1}});
             },
         .check_plugins = [this](const config::Settings&) { return refused; }});
  }
  Json ask(const std::string& command) { return Call(table, command, "{}").result(); }

  Folder folder;
  HandClock clock;
  MemoryLog lines;
  Metrics metrics;
  service::Health health{clock};
  config::Sources sources;
  std::vector<std::string> refused;
  std::unique_ptr<service::Reload> reload;
  control::Commands table;
};

}  // namespace

TEST_CASE("status says how long, how well and what waits for a restart") {
  ReloadSite site("roles: [worker]\n");
  bool fit = false;
  site.health.add("storage", [&] {
    if (!fit) {
      throw Error(ErrorCode::Unavailable, "full");
    }
  });
  site.clock.ms = 61'000;
  const Json ill = site.ask("status");
  CHECK(ill.find("uptime_seconds")->integer() == 61);
  CHECK_FALSE(ill.find("ready")->boolean());
  CHECK(ill.find("checks")->dump() == R"([{"name":"storage","ok":false,"message":"full"}])");
  CHECK(ill.find("roles")->dump() == R"(["worker"])");
  CHECK(ill.find("jobs")->dump() == R"({"running":1})");
  fit = true;
  site.folder.write("reeld.yaml", "roles: [api]\n");
  site.reload->run();
  const Json well = site.ask("status");
  CHECK(well.find("ready")->boolean());
  CHECK(well.find("waiting_for_restart")->dump() == R"(["roles"])");
}

TEST_CASE("the configuration is checked as it is written now, plugins included") {
  ReloadSite site("log: {level: info}\n");
  CHECK(site.ask("config check").find("ok")->boolean());
  site.refused = {"plugin \"disk\" (storage-disk.so): not found"};
  CHECK(site.ask("config check").find("faults")->array().at(0).text() == site.refused[0]);
  site.folder.write("reeld.yaml", "log: {levle: info}\n");
  const Json check = site.ask("config check");
  CHECK_FALSE(check.find("ok")->boolean());
  CHECK_THAT(check.find("faults")->dump(), ContainsSubstring("did you mean"));
  CHECK_THAT(site.ask("config print").find("text")->text(), ContainsSubstring("level: info"));
}
