#include "app/daemon/plugins.h"

#include "app/cli/fault_lines.h"
#include "app/daemon/part_options.h"
#include "base/json.h"
#include "db/outbox.h"
#include "plugin/adapters/analytics.h"
#include "plugin/adapters/auth.h"
#include "plugin/adapters/interceptor.h"
#include "plugin/adapters/notifier.h"
#include "plugin/adapters/payment.h"
#include "plugin/adapters/routes.h"
#include "plugin/adapters/storage.h"
#include "plugin/adapters/subscription.h"
#include "storage/counted.h"

#include <reeld/kind/analytics.h>
#include <reeld/kind/auth.h>
#include <reeld/kind/encoder.h>
#include <reeld/kind/interceptor.h>
#include <reeld/kind/notifier.h>
#include <reeld/kind/payment.h>
#include <reeld/kind/routes.h>
#include <reeld/kind/storage.h>
#include <reeld/kind/subscription.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace reeld::app::daemon {

namespace {
constexpr auto StopPatience = std::chrono::seconds(5);

static_assert(config::RouteGroups == http::RouteGroupWords);

http::RouteGroups groupsIn(const std::vector<std::string>& words) {
  http::RouteGroups groups = 0;
  for (std::size_t i = 0; i < config::RouteGroups.size(); ++i) {
    if (std::find(words.begin(), words.end(), config::RouteGroups[i]) != words.end()) {
      groups |= http::bitOf(static_cast<http::RouteGroup>(i));
    }
  }
  return groups;
}

http::RouteGroups groupsOf(const config::InterceptorSettings& place) {
  const http::RouteGroups all =
      place.include.empty() ? http::AllRouteGroups : groupsIn(place.include);
  return all & static_cast<http::RouteGroups>(~groupsIn(place.exclude));
}

http::Access accessOf(const std::string& word) {
  return word == "admin"    ? http::Access::Admin
         : word == "public" ? http::Access::Public
                            : http::Access::User;
}
}  // namespace

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
  if (!settings.payment.empty()) {
    require(settings.payment, REELD_PAYMENT, "payment");
  }
  if (!settings.subscription.empty()) {
    require(settings.subscription, REELD_SUBSCRIPTION, "subscription");
  }
  for (const auto& name : settings.analytics) {
    require(name, REELD_ANALYTICS, "analytics");
  }
  for (const auto& place : settings.interceptors) {
    require(place.name, REELD_INTERCEPTOR, "interceptors");
  }
  for (const auto& one : settings.plugins) {
    if (!one.mount.empty()) {
      require(one.name, REELD_ROUTES, "mount");
    }
  }
}

Plugins::Plugins(const config::Settings& settings, std::unique_ptr<plugin::Registry> loaded,
                 const Secret& secret, Metrics& metrics)
    : registry_(std::move(loaded)) {
  registry_->setSiteSecret(secret);
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
  if (!settings.subscription.empty()) {
    auto& instance = registry_->require(settings.subscription, REELD_SUBSCRIPTION, "subscription");
    plans_ = plugin::adapters::planProvider(instance, settings.money.currency);
  }
  for (const auto& name : settings.analytics) {
    auto& instance = registry_->require(name, REELD_ANALYTICS, "analytics");
    if (instance.isUp()) {
      sinks_.push_back(plugin::adapters::eventSink(instance));
      reports_ = reports_ ? std::move(reports_) : plugin::adapters::reportSource(instance);
    }
  }
  // All that can: a reload may put another one into the chain.
  for (const auto& one : settings.plugins) {
    plugin::Instance* instance = registry_->find(one.name);
    if (instance->isUp() && instance->offers(REELD_INTERCEPTOR)) {
      interceptors_[one.name] = plugin::adapters::interceptor(*instance);
    }
    // All that can: orders of one that is not chosen any more are still settled and refunded.
    if (instance->isUp() && instance->offers(REELD_PAYMENT)) {
      payments_[one.name] = plugin::adapters::paymentProvider(*instance, chargePlaces(settings));
    }
  }
}

http::Routes Plugins::routes(const config::Settings& settings, const http::Routes& others) const {
  http::Routes made;
  for (const auto& one : settings.plugins) {
    plugin::Instance* instance = registry_->find(one.name);
    if (!instance->isUp() || !instance->offers(REELD_ROUTES)) {
      continue;
    }
    const std::string mount = one.mount.empty() ? "/x/" + one.name : one.mount;
    for (const auto* routes : {&others, &std::as_const(made)}) {
      for (const auto& route : *routes) {
        if ((route.pattern + "/").starts_with(mount + "/") ||
            (mount + "/").starts_with(route.pattern + "/")) {
          throw Error(ErrorCode::Invalid, "plugins." + one.name + ".mount: " + mount +
                                              " is taken: there is " + route.pattern +
                                              "\n       -> mount it elsewhere");
        }
      }
    }
    auto its = plugin::adapters::routes(*instance, mount, accessOf(one.access));
    std::move(its.begin(), its.end(), std::back_inserter(made));
  }
  return made;
}

billing::PaymentProviders Plugins::payments(const config::Settings& settings) const {
  billing::PaymentProviders all{.by_name = {}, .chosen = settings.payment};
  for (const auto& [name, provider] : payments_) {
    all.by_name[name] = provider.get();
  }
  return all;
}

std::vector<db::EventSink*> Plugins::sinks() const {
  std::vector<db::EventSink*> all;
  for (const auto& sink : sinks_) {
    all.push_back(sink.get());
  }
  return all;
}

void recordQuarantined(db::Database& database, const plugin::Registry& registry, const Log& log) {
  for (const auto& [instance, reason] : registry.quarantined()) {
    JsonWriter json;
    json.beginObject().member("instance", instance).member("reason", reason).endObject();
    const db::Event event{
        .type = "plugin.quarantined", .subject = "plugin:" + instance, .json = json.take()};
    try {
      database.transact([&](db::Session& session) { db::record(session, event); });
    } catch (const Error& error) {
      // A full disk, say: the log has told of the plugin, and the site is served.
      log.warning("cannot record that a plugin is left out",
                  {{"instance", instance}, {"error", error.what()}});
    }
  }
}

Plugins::~Plugins() { stop(StopPatience); }

void Plugins::stop(std::chrono::milliseconds patience) {
  interceptors_.clear();
  registry_->stop(patience);
}

std::vector<http::ChainPlace> Plugins::interceptors(const config::Settings& settings) const {
  std::vector<http::ChainPlace> chain;
  for (const auto& place : settings.interceptors) {
    if (const auto found = interceptors_.find(place.name); found != interceptors_.end()) {
      chain.push_back({found->second.get(), groupsOf(place)});
    }
  }
  return chain;
}

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
