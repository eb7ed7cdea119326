#include "app/daemon/plugins.h"

#include "app/cli/fault_lines.h"
#include "app/daemon/part_options.h"
#include "plugin/adapters/auth.h"
#include "plugin/adapters/notifier.h"
#include "plugin/adapters/storage.h"
#include "storage/counted.h"

#include <reeld/kind/auth.h>
#include <reeld/kind/encoder.h>
#include <reeld/kind/notifier.h>
#include <reeld/kind/storage.h>

#include <map>

namespace reeld::app::daemon {

namespace {
constexpr auto StopPatience = std::chrono::seconds(5);
}

void requireChosen(plugin::Registry& registry, const config::Settings& settings,
                   StartFaults& faults) {
  const auto require = [&](const std::string& name, const char* kind, const char* key) {
    faults.attempt([&] { registry.require(name, kind, key); });
  };
  require(settings.storage, REELD_STORAGE, "storage");
  for (const auto& name : settings.auth_providers) {
    require(name, REELD_AUTH, "auth_providers");
  }
  require(settings.encoder, REELD_ENCODER, "encoder");
  require(settings.notifier, REELD_NOTIFIER, "notifier");
}

Plugins::Plugins(const config::Settings& settings, std::unique_ptr<plugin::Registry> loaded,
                 Metrics& metrics)
    : registry_(std::move(loaded)) {
  registry_->start();
  storage_ = storage::counted(
      plugin::adapters::storage(registry_->require(settings.storage, REELD_STORAGE, "storage")),
      settings.storage, metrics);
  for (const auto& name : settings.auth_providers) {
    auto& instance = registry_->require(name, REELD_AUTH, "auth_providers");
    providers_.push_back(plugin::adapters::identityProvider(instance));
  }
  notifier_ =
      plugin::adapters::notifier(registry_->require(settings.notifier, REELD_NOTIFIER, "notifier"));
  if (registry_->require(settings.encoder, REELD_ENCODER, "encoder").isUp()) {
    encoder_ = registry_->workerPlugin(settings.encoder, REELD_ENCODER, "encoder");
  }
}

Plugins::~Plugins() { registry_->stop(StopPatience); }

std::vector<users::IdentityProvider*> Plugins::providers() const {
  std::vector<users::IdentityProvider*> list;
  for (const auto& provider : providers_) {
    list.push_back(provider.get());
  }
  return list;
}

void Plugins::count(Metrics& metrics) {
  std::map<std::string, Gauge*> gauges;
  for (const auto& instance : registry_->list()) {
    gauges[instance.name] = &metrics.gauge(
        "reeld_plugin_up", "1 if the plugin instance can be called", {{"plugin", instance.name}});
  }
  metrics.atScrape([this, gauges = std::move(gauges)] {
    for (const auto& instance : registry_->list()) {
      gauges.at(instance.name)->set(instance.is_up ? 1 : 0);
    }
  });
}

std::vector<std::string> refusals(const config::Settings& settings, const Clock& clock) {
  Log log(LogLevel::Error);
  Metrics metrics;
  plugin::Registry registry(registryOptions(settings, false), log, metrics, clock);
  try {
    registry.load();
    return {};
  } catch (const Error& error) {
    return cli::faultLines(error.what());
  }
}

}  // namespace reeld::app::daemon
