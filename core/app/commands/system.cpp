#include "app/commands/system.h"

#include "config/print.h"

#include <unistd.h>

#include <memory>

namespace reeld::app::commands {

namespace {

Json listOf(const std::vector<std::string>& texts) {
  return Json::Array(texts.begin(), texts.end());
}

Json configCheck(const SystemParts& parts) {
  const config::Loaded loaded = config::load(parts.sources);
  std::vector<std::string> faults;
  for (const auto& fault : loaded.faults) {
    faults.push_back(fault.text());
  }
  if (loaded.ok() && parts.check_plugins) {
    faults = parts.check_plugins(loaded.settings);
  }
  return Json::Object{{"ok", faults.empty()}, {"faults", listOf(faults)}};
}

Json configPrint(const SystemParts& parts) {
  const config::Loaded loaded = parts.reload.current();
  std::string text = config::printConfig(loaded);
  for (const auto& key : parts.reload.waiting()) {
    text += "# " + key + " waits for a restart\n";
  }
  return Json::Object{{"text", std::move(text)},
                      {"settings", config::configAsJson(loaded)},
                      {"waiting_for_restart", listOf(parts.reload.waiting())}};
}

}  // namespace

Json describe(const SystemParts& parts) {
  const auto report = parts.health.ask();
  Json::Array checks;
  for (const auto& check : report.checks) {
    checks.push_back(
        Json::Object{{"name", check.name}, {"ok", check.ok}, {"message", check.message}});
  }
  return Json::Object{{"version", REELD_VERSION},
                      {"pid", std::int64_t{getpid()}},
                      {"uptime_seconds", (parts.clock.monotonicMs() - parts.started_ms) / 1000},
                      {"ready", report.ready},
                      {"roles", listOf(parts.settings.roles)},
                      {"listen", parts.listen},
                      {"admin_listen", parts.admin_listen},
                      {"data_dir", parts.settings.data_dir},
                      {"database", parts.database},
                      {"jobs", parts.jobs ? parts.jobs() : Json(Json::Object())},
                      {"checks", std::move(checks)},
                      {"waiting_for_restart", listOf(parts.reload.waiting())}};
}

control::Commands systemCommands(SystemParts given) {
  if (given.started_ms == 0) {
    given.started_ms = given.clock.monotonicMs();
  }
  const auto parts = std::make_shared<const SystemParts>(std::move(given));
  return {
      {"status", [parts](control::Request&) { return describe(*parts); }},
      {"config check", [parts](control::Request&) { return configCheck(*parts); }},
      {"config print", [parts](control::Request&) { return configPrint(*parts); }},
  };
}

}  // namespace reeld::app::commands
