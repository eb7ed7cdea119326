#include "app/service/reload.h"

#include "app/cli/fault_lines.h"
#include "base/error.h"
#include "base/sorted_json.h"
#include "config/keys.h"

#include <algorithm>
#include <map>
#include <set>

namespace reeld::app::service {

namespace {

std::string writtenIn(const config::PluginSettings& plugin) {
  return sortedText(plugin.config.isNull() ? Json(Json::Object()) : plugin.config);
}

std::map<std::string, std::string> printed(const config::Settings& settings,
                                           const Reload::Meaning& meaning) {
  std::map<std::string, std::string> values;
  for (const auto& key : config::allKeys()) {
    values[key.name] = key.print(settings).dump();
  }
  for (std::size_t i = 0; i < settings.plugins.size(); ++i) {
    const auto& plugin = settings.plugins[i];
    // The place counts: instances start in the order they are written.
    values["plugins." + plugin.name] =
        Json(Json::Array{static_cast<std::int64_t>(i), plugin.use, plugin.required, plugin.mount,
                         plugin.access, meaning ? meaning(plugin) : writtenIn(plugin)})
            .dump();
  }
  return values;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

}  // namespace

std::vector<std::string> changedKeys(const config::Settings& from, const config::Settings& to,
                                     const Reload::Meaning& meaning) {
  const auto before = printed(from, meaning);
  const auto after = printed(to, meaning);
  std::vector<std::string> changed;
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != value) {
      changed.push_back(key);
    }
  }
  for (const auto& [key, value] : before) {
    if (after.count(key) == 0) {
      changed.push_back(key);
    }
  }
  return changed;
}

Reload::Reload(config::Sources sources, config::Loaded started, const Clock& clock, const Log& log,
               Metrics& metrics)
    : sources_(std::move(sources)),
      started_(started.settings),
      state_(State{std::move(started), {}}),
      clock_(clock),
      log_(log),
      successful_(metrics.gauge("reeld_config_last_reload_successful",
                                "Whether the last read of the configuration succeeded")),
      success_time_(metrics.gauge("reeld_config_last_reload_success_timestamp_seconds",
                                  "When the configuration was last read without a fault")) {
  successful_.set(1);
  success_time_.set(static_cast<double>(clock.now()) / 1000);
}

void Reload::add(Part part) { parts_.push_back(std::move(part)); }

const Reload::Part* Reload::partFor(const std::string& key, const config::Settings& next) const {
  for (const auto& part : parts_) {
    for (const auto& name : part.keys) {
      if (name == key || (name.ends_with('.') && key.starts_with(name))) {
        return !part.can || part.can(key, next) ? &part : nullptr;
      }
    }
  }
  return nullptr;
}

Reload::Outcome Reload::tryRun() {
  Outcome outcome;
  config::Loaded loaded = config::load(sources_);
  for (const auto& fault : loaded.faults) {
    outcome.faults.push_back(fault.text());
  }
  for (const auto& note : loaded.notes) {
    log_.warning(note);
  }
  if (!loaded.ok()) {
    return outcome;
  }
  std::set<const Part*> concerned;
  for (const Part& part : parts_) {
    if (part.keys.empty()) {
      concerned.insert(&part);
    }
  }
  for (const auto& key : changedKeys(current().settings, loaded.settings, meaning_)) {
    if (const Part* part = partFor(key, loaded.settings)) {
      concerned.insert(part);
      outcome.applied.push_back(key);
    }
  }
  for (const auto& key : changedKeys(started_, loaded.settings, meaning_)) {
    if (partFor(key, loaded.settings) == nullptr) {
      outcome.waiting.push_back(key);
    }
  }
  const auto ask = [&](const std::function<void(const config::Settings&)>& step) {
    try {
      if (step) {
        step(loaded.settings);
      }
    } catch (const Error& error) {
      for (auto& fault : cli::faultLines(error.what())) {
        outcome.faults.push_back(std::move(fault));
      }
    }
  };
  for (const Part* part : concerned) {
    ask(part->check);
  }
  for (const Part* part : concerned) {
    if (outcome.faults.empty()) {
      ask(part->take_over);
    }
  }
  if (!outcome.faults.empty()) {
    outcome.applied.clear();
    outcome.waiting = waiting();
    return outcome;
  }
  for (const Part* part : concerned) {
    if (part->apply) {
      part->apply(loaded.settings);
    }
  }
  state_.with([&](State& state) {
    state.loaded = std::move(loaded);
    state.waiting = outcome.waiting;
  });
  outcome.ok = true;
  return outcome;
}

Reload::Outcome Reload::run() {
  Outcome outcome = tryRun();
  successful_.set(outcome.ok ? 1 : 0);
  if (!outcome.ok) {
    for (const auto& fault : outcome.faults) {
      log_.error(fault);
    }
    log_.error("the configuration was not taken over; the one from before stays in force");
    return outcome;
  }
  success_time_.set(static_cast<double>(clock_.now()) / 1000);
  log_.info("configuration read again", {{"changed", joined(outcome.applied)}});
  if (!outcome.waiting.empty()) {
    log_.warning("some changes wait for a restart", {{"keys", joined(outcome.waiting)}});
  }
  return outcome;
}

config::Loaded Reload::current() const {
  return state_.with([](const State& state) { return state.loaded; });
}

std::vector<std::string> Reload::waiting() const {
  return state_.with([](const State& state) { return state.waiting; });
}

}  // namespace reeld::app::service
