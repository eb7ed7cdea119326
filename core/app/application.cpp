#include "app/application.h"

#include "app/cli/exit_code.h"
#include "app/commands/seed.h"
#include "app/daemon/front.h"
#include "app/daemon/part_options.h"
#include "app/daemon/preparation.h"
#include "app/service/signals.h"
#include "app/service/supervisor.h"
#include "plugin/crash.h"

#include <reeld/kind/interceptor.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>

namespace reeld::app {

namespace {

using namespace daemon;

/// Beyond the time that requests get: for plugins, files and the database.
constexpr auto StopMargin = std::chrono::seconds(15);
/// Of it; a plugin that waits for a lock of the database waits five seconds.
constexpr auto PluginPatience = std::chrono::seconds(9);
/// For mails that are being handed over; then they are given up and sent at the next start.
constexpr auto MailPatience = std::chrono::seconds(3);

const config::PluginSettings* pluginNamed(const config::Settings& settings,
                                          const std::string& name) {
  for (const auto& plugin : settings.plugins) {
    if (plugin.name == name) {
      return &plugin;
    }
  }
  return nullptr;
}

/// Instances that come, go, are exchanged or cannot change while they run wait for a restart; so
/// does the encoder, which runs in children that are told at the daemon's start.
bool canTakeOver(const plugin::Registry& registry, const config::Settings& started,
                 const config::Settings& next, const std::string& name) {
  const auto* before = pluginNamed(started, name);
  const auto* after = pluginNamed(next, name);
  return before != nullptr && after != nullptr && before->use == after->use &&
         before->required == after->required && before->mount == after->mount &&
         before->access == after->access && name != started.encoder &&
         registry.canReconfigure(name);
}

/// The instances that run here, with the configuration they would get.
std::vector<plugin::InstanceSettings> instancesAfter(const plugin::Registry& registry,
                                                     const config::Settings& started,
                                                     const config::Settings& next) {
  auto instances = instanceSettings(started);
  for (auto& instance : instances) {
    if (canTakeOver(registry, started, next, instance.name)) {
      const auto& wanted = *pluginNamed(next, instance.name);
      instance.config = wanted.config;
      instance.loose = wanted.loose;
    }
  }
  return instances;
}

void addPluginParts(service::Reload& reload, const config::Settings& started,
                    plugin::Registry& registry) {
  using config::Settings;
  reload.compareBy([&registry](const config::PluginSettings& plugin) {
    return registry.meaningOf(
        {plugin.name, plugin.use, plugin.required, plugin.config, plugin.loose});
  });
  service::Reload::Part part;
  part.keys = {"plugins."};
  part.take_over = [&registry, started](const Settings& next) {
    registry.reconfigure(instancesAfter(registry, started, next));
  };
  part.can = [&registry, started](const std::string& key, const Settings& next) {
    return canTakeOver(registry, started, next, key.substr(std::string_view("plugins.").size()));
  };
  reload.add(std::move(part));
  // What waits for a restart must be something that a restart would take.
  reload.add({{}, [&registry](const Settings& next) {
                registry.requireAcceptable(instanceSettings(next));
                for (const auto& place : next.interceptors) {
                  if (registry.find(place.name) != nullptr) {
                    registry.require(place.name, REELD_INTERCEPTOR, "interceptors");
                  }
                }
              }});
}

/// Which keys a running daemon takes over at a reload; all others wait for a restart, by name.
void addReloadParts(service::Reload& reload, const config::Settings& started, Log& log,
                    Front& front, Plugins& plugins) {
  using config::Settings;
  reload.add({{"log."}, {}, [&log](const Settings& next) { configureLog(log, next.log); }});
  reload.add({{"http.cors_origins", "http.trusted_proxies"},
              [](const Settings& next) { http::Live(liveSettings(next)); },
              [&front](const Settings& next) { front.server().reconfigure(liveSettings(next)); },
              {}});
  addPluginParts(reload, started, plugins.registry());
  reload.add({{"interceptors"},
              {},
              [&front, &plugins](const Settings& next) {
                front.server().intercept("main", plugins.interceptors(next));
              },
              {},
              [&plugins](const std::string&, const Settings& next) {
                return std::all_of(
                    next.interceptors.begin(), next.interceptors.end(),
                    [&](const auto& place) { return plugins.intercepts(place.name); });
              }});
}

/// A part moves if its number does: the watchdog is told that the daemon lives only while all of
/// them do.
void watchParts(service::Watchdog& watchdog, Foundation& base, Front& front) {
  for (unsigned loop = 0; loop < front.server().loopCount(); ++loop) {
    watchdog.watch("event loop " + std::to_string(loop),
                   [&front, loop] { return front.server().ticks(loop); });
  }
  watchdog.watch("database", [&base, beats = std::uint64_t{0}]() mutable {
    try {
      base.database->ping(std::chrono::seconds(1));
      ++beats;
    } catch (const Error& error) {
      // A database that is away is not a daemon that hangs: /readyz says so, restarting would not
      // help.
      beats += error.code() == ErrorCode::Unavailable ? 1 : 0;
    }
    return beats;
  });
}

void dumpState(const Log& log, Front& front, Services& services) {
  log.info("state", {{"requests_in_flight", front.server().inFlight()},
                     {"jobs_running", services.runner.running()}});
}

}  // namespace

int runDaemon(const service::Options& options, config::Loaded loaded) {
  const config::Settings settings = loaded.settings;
  const SystemClock clock;
  Log log;
  configureLog(log, settings.log);
  plugin::tellCrashes();
  Metrics metrics;
  const service::Notify notify(clock);
  log.info("starting", {{"version", REELD_VERSION}, {"data_dir", settings.data_dir}});

  for (const auto& note : loaded.notes) {
    log.warning(note);
  }
  Preparation ready = prepare(settings, options.safe_mode, log, metrics, clock);
  Foundation base(settings, clock, log, metrics, notify, std::move(ready.folder),
                  std::move(ready.secret));
  Plugins plugins(settings, std::move(ready.plugins), base.secret, metrics);
  recordQuarantined(*base.database, plugins.registry(), log);
  Services services(settings, base, plugins);
  commands::seedAdmin(settings, services.directory, services.registration, log);
  services.uploads.sweepAtStart();
  service::Reload reload(options.sources, std::move(loaded), clock, log, metrics);
  Front front(settings, base, plugins, services, reload, options.sources, std::move(ready.sockets));
  addReloadParts(reload, settings, log, front, plugins);

  service::Signals signals;
  service::Watchdog watchdog(clock, log);
  watchParts(watchdog, base, front);
  service::Supervisor supervisor(
      signals, watchdog, notify, log,
      {.reload = [&] { reload.run(); }, .dump_state = [&] { dumpState(log, front, services); }});

  for (db::EventSink* sink : plugins.sinks()) {
    base.outbox.addSink(*sink);
  }
  base.outbox.start();
  services.revocations.start();
  services.views.start();
  services.session_sweep.start();
  services.reset_requests.start();
  services.mail.start();
  services.source_sweep.start();
  services.clearance.start();
  services.reconciliation.start();
  services.renewals.start();
  services.ledger_check.start();
  if (settings.hasRole("worker")) {
    if (!plugins.encoder()) {
      log.warning("there is no encoder: uploads are taken and their jobs wait",
                  {{"instance", settings.encoder}});
    }
    services.runner.start();
  }
  front.start();
  notify.ready("running");
  // A daemon that only works has no door for clients.
  log.info("ready", {{"listen", settings.hasRole("api") ? settings.http.listen : "none"},
                     {"admin_listen", settings.http.admin_listen}});
  supervisor.run();

  const auto patience = std::chrono::seconds(settings.http.drain_seconds);
  const auto delay = std::chrono::seconds(settings.http.drain_delay_seconds);
  const auto deadline = std::chrono::steady_clock::now() + delay + patience;
  const auto stop = [&] {
    services.runner.stopClaiming();
    front.drain(delay, patience);
    // Jobs had the same time as requests, beside them; what is left of it is theirs.
    services.runner.stop(std::max(std::chrono::milliseconds(0),
                                  std::chrono::duration_cast<std::chrono::milliseconds>(
                                      deadline - std::chrono::steady_clock::now())));
    services.reset_requests.stop();
    services.session_sweep.stop();
    services.source_sweep.stop();
    services.clearance.stop();
    services.ledger_check.stop();
    services.views.stop();
    services.mail.finish(MailPatience);
    services.revocations.stop();
    base.outbox.stop();
    plugins.stop(PluginPatience);
    // After those they may be waiting for were told to give up.
    services.mail.stop();
    services.reconciliation.stop();
    services.renewals.stop();
  };
  if (!supervisor.drain(stop, delay + patience + StopMargin)) {
    log.warning("ended before everything under way was finished");
    _exit(cli::Failure);
  }
  log.info("stopped");
  return cli::Success;
}

std::string checkStart(const config::Settings& settings, bool safe_mode) {
  Log log(LogLevel::Error);
  Metrics metrics;
  const SystemClock clock;
  const auto examined = examine(settings, safe_mode, log, metrics, clock);
  std::ostringstream report;
  for (const auto& instance : examined.plugins->list()) {
    report << "plugin " << instance.name << ": " << instance.state
           << (instance.reason.empty() ? "" : " (" + instance.reason + ")") << '\n';
  }
  if (!examined.sandbox.empty()) {
    report << "sandbox: " << examined.sandbox << '\n';
  }
  for (const auto& sentence : examined.unjudged) {
    report << "not judged: " << sentence << '\n';
  }
  report << "configuration is good\n";
  return report.str();
}

}  // namespace reeld::app
