// The configured plugins, running, and the ports they fill.
#pragma once
#include "analytics/report_source.h"
#include "app/daemon/start_faults.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "billing/payment_provider.h"
#include "billing/plan.h"
#include "config/settings.h"
#include "db/database.h"
#include "db/event_sink.h"
#include "http/chain.h"
#include "http/route.h"
#include "notify/notifier.h"
#include "plugin/registry.h"
#include "storage/storage.h"
#include "users/identity_provider.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reeld::app::daemon {

/// A fault for each instance that the configuration names for a task whose kind it does not offer.
/// One that failed and is not required is let pass: what needs it is unavailable, the rest is not.
void requireChosen(plugin::Registry& registry, const config::Settings& settings,
                   StartFaults& faults);

class Plugins {
 public:
  /// Starts them; they are loaded. Their keys are made of the site's secret. Throws Error with
  /// every fault of a required one.
  Plugins(const config::Settings& settings, std::unique_ptr<plugin::Registry> loaded,
          const Secret& secret, Metrics& metrics);
  ~Plugins();  ///< stops them, if stop() has not
  Plugins(const Plugins&) = delete;
  Plugins& operator=(const Plugins&) = delete;

  plugin::Registry& registry() noexcept { return *registry_; }
  storage::Storage& storage() noexcept { return *storage_; }
  /// In the order of auth_providers.
  std::vector<users::IdentityProvider*> providers() const;
  notify::Notifier& notifier() noexcept { return *notifier_; }
  /// Of every instance that offers payments and runs; without the chosen one if that does not.
  billing::PaymentProviders payments(const config::Settings& settings) const;
  /// nullptr if there are no subscriptions.
  billing::PlanProvider* plans() const noexcept { return plans_.get(); }
  /// In the order of analytics; without those that failed and are not required.
  std::vector<db::EventSink*> sinks() const;
  /// Of the first of them that can be asked for what it counts; nullptr if none can.
  analytics::ReportSource* reports() const noexcept { return reports_.get(); }
  /// The chain these settings ask for, of the instances that run. One that failed and is not
  /// required is left out.
  std::vector<http::ChainPlace> interceptors(const config::Settings& settings) const;
  /// Those of the instances that run, each below its mount. Throws Error INVALID for a mount that
  /// is taken, by one of `others` or by another instance.
  http::Routes routes(const config::Settings& settings, const http::Routes& others) const;
  bool intercepts(const std::string& name) const { return interceptors_.contains(name); }
  /// Nothing if it failed and is not required.
  const std::optional<plugin::WorkerPlugin>& encoder() const noexcept { return encoder_; }

  /// reeld_plugin_up of each instance, as it is at each scrape. Nobody scrapes after this is gone.
  void count(Metrics& metrics);

  /// The server that runs interceptors has ended.
  void stop(std::chrono::milliseconds patience);

 private:
  std::unique_ptr<plugin::Registry> registry_;
  std::unique_ptr<storage::Storage> storage_;
  std::vector<std::unique_ptr<users::IdentityProvider>> providers_;
  std::unique_ptr<notify::Notifier> notifier_;
  std::map<std::string, std::unique_ptr<billing::PaymentProvider>> payments_;  ///< by instance
  std::unique_ptr<billing::PlanProvider> plans_;
  std::vector<std::unique_ptr<db::EventSink>> sinks_;
  std::unique_ptr<analytics::ReportSource> reports_;
  std::optional<plugin::WorkerPlugin> encoder_;
  std::map<std::string, std::unique_ptr<http::Interceptor>> interceptors_;  ///< by instance
};

/// An event for each instance that is left out because it crashed too often. Keeps no daemon from
/// starting.
void recordQuarantined(db::Database& database, const plugin::Registry& registry, const Log& log);

/// What a start with these settings would say about plugins; empty = nothing. Looks, starts
/// nothing.
std::vector<std::string> refusals(const config::Settings& settings, const Clock& clock);

}  // namespace reeld::app::daemon
