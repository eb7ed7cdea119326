// Invariant: a call is admitted only after users_ was raised and the state was seen to be Started,
// and stop() waits for users_ to be 0 only after the state was changed; so no call runs beside
// stop().
#include "plugin/instance.h"

#include "plugin/call.h"
#include "plugin/descriptor.h"
#include "plugin/host_log.h"
#include "plugin/host_metrics.h"
#include "plugin/host_schedule.h"
#include "plugin/host_secrets.h"
#include "plugin/host_sql.h"
#include "plugin/library.h"

#include <reeld/kind/encoder.h>

#include <filesystem>

namespace reeld::plugin {

/// What the plugin calls back into; lives from create() on.
struct Instance::Services {
  Host host;
  Scheduler scheduler;
  HostLog log;
  HostMetrics metrics;
  HostSchedule schedule;
  HostSql sql;
  HostSecrets secrets;
  std::atomic<std::uint64_t> health_task{0};

  Services(const std::string& name, const InstanceParts& parts)
      : host(name, parts.data_dir),
        scheduler("plug-" + name),
        log(host, parts.log),
        metrics(host, parts.metrics, parts.log),
        schedule(host, scheduler),
        sql(host, parts.database, parts.log, parts.metrics),
        secrets(host, parts.site_secret) {}
};

Instance::Instance(InstanceSettings settings, InstanceParts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      crash_site_{settings_.name, parts_.data_dir + ".crashes"},
      breaker_(parts_.limits.overruns_to_suspend),
      calls_total_(parts_.metrics.counter("reeld_plugin_calls_total", "calls into plugins",
                                          {{"instance", settings_.name}})),
      errors_total_(parts_.metrics.counter("reeld_plugin_errors_total",
                                           "calls into plugins that failed for their own fault",
                                           {{"instance", settings_.name}})),
      overruns_total_(parts_.metrics.counter(
          "reeld_plugin_overruns_total", "calls into plugins that came back after their deadline",
          {{"instance", settings_.name}})),
      seconds_(parts_.metrics.histogram("reeld_plugin_call_seconds", "time spent in plugins",
                                        {{"instance", settings_.name}})) {
  config_.with([&](Config& config) { config = {settings_.config, settings_.loose, {}}; });
}

Instance::~Instance() = default;

std::string Instance::reason() const {
  return reason_.with([](const std::string& reason) { return reason; });
}

bool Instance::runsInWorker() const { return offers(REELD_ENCODER); }

bool Instance::canReconfigure() const noexcept {
  return !runsInWorker() && self_ != nullptr && REELD_HAS(plugin_, reconfigure);
}

bool Instance::isUp() const { return state() == (runsInWorker() ? State::Probed : State::Started); }

const void* Instance::table(std::string_view kind) const noexcept {
  return plugin_ == nullptr ? nullptr : tableOf(plugin_, kind);
}

bool Instance::step(Step step) noexcept {
  State from = state_.load();
  for (;;) {
    const auto to = next(from, step);
    if (!to) {
      return false;
    }
    if (state_.compare_exchange_weak(from, *to)) {
      return true;
    }
  }
}

InstanceSettings Instance::settings() const {
  InstanceSettings settings = settings_;
  config_.with([&](const Config& config) {
    settings.config = config.given;
    settings.loose = config.loose;
  });
  return settings;
}

std::string Instance::config() const {
  return config_.with([](const Config& config) { return config.effective; });
}

void Instance::probed(Candidate candidate) {
  config_.with([&](Config& config) { config.effective = candidate.config; });
  candidate_ = std::move(candidate);
  step(Step::Probe);
}

void Instance::fail(const std::string& reason) {
  reason_.with([&](std::string& kept) { kept = reason; });
  step(Step::Fail);
}

void Instance::failWith(reeld_status status, const reeld_error& error, const char* function,
                        const std::optional<Error>& refusal) {
  const Error cause = errorOf(name(), status, error);
  const std::string what = std::string(function) + "() says: " + error.pointer +
                           (error.pointer[0] == '\0' ? "" : ": ") +
                           (error.message[0] == '\0' ? "nothing" : error.message);
  // A plugin that knows what to do says it itself, behind an arrow.
  constexpr std::string_view Arrow = " -> ";
  if (refusal) {
    const std::string text =
        explain(name(), file(),
                {std::string(refusal->what()) + "; " + what.substr(0, what.find(Arrow)),
                 "see to the first of these"});
    fail(text);
    throw Error(refusal->code(), text);
  }
  const auto arrow = what.find(Arrow);
  const std::string text =
      explain(name(), file(),
              arrow == std::string::npos
                  ? Refusal{what, "correct plugins." + name() + ".config, or what it depends on"}
                  : Refusal{what.substr(0, arrow), what.substr(arrow + Arrow.size())});
  fail(text);
  throw Error(cause.code(), text);
}

void Instance::open() {
  const auto opened = openLibrary(candidate_->path);
  const auto* refusal = std::get_if<Refusal>(&opened);
  std::optional<Refusal> late;
  if (refusal == nullptr) {
    plugin_ = std::get<const reeld_plugin*>(opened);
    // The probe accepted it a moment ago; a file exchanged in between is judged again.
    late = refuse(plugin_);
    if (!late && plugin_->id != candidate_->descriptor.id) {
      late = Refusal{"was exchanged while reeld started", "start reeld again"};
    }
    refusal = late ? &*late : nullptr;
  }
  if (refusal != nullptr) {
    plugin_ = nullptr;
    const std::string text = explain(name(), file(), *refusal);
    fail(text);
    throw Error(ErrorCode::Invalid, text);
  }
  step(Step::Open);
}

void Instance::create() {
  std::error_code failed;
  if (std::filesystem::create_directories(parts_.data_dir, failed)) {
    std::filesystem::permissions(parts_.data_dir, std::filesystem::perms(0750), failed);
  }
  services_ = std::make_unique<Services>(name(), parts_);
  const std::string config_text = config();
  const InPlugin mark(crash_site_, "create()");
  reeld_error error = blankError();
  const reeld_status status =
      failed ? say(&error, ErrorCode::Internal,
                   "cannot make " + parts_.data_dir + ": " + failed.message())
             : plugin_->create(services_->host.abi(), abi(config_text), &self_, &error);
  if (status != REELD_OK) {
    self_ = nullptr;
    services_->scheduler.end(std::chrono::seconds(1));
    const auto refusal = services_->host.refusal();
    services_.reset();
    failWith(status, error, "create", refusal);
  }
  step(Step::Create);
}

void Instance::start() {
  if (REELD_HAS(plugin_, start)) {
    const InPlugin mark(crash_site_, "start()");
    reeld_error error = blankError();
    const reeld_status status = plugin_->start(self_, &error);
    if (status != REELD_OK) {
      services_->scheduler.end(std::chrono::seconds(1));
      plugin_->destroy(self_);
      self_ = nullptr;
      const auto refusal = services_->host.refusal();
      services_.reset();
      failWith(status, error, "start", refusal);
    }
  }
  started_ = true;
  step(Step::Start);
  services_->scheduler.begin();
  parts_.log.info("plugin started", {{"instance", name()},
                                     {"plugin", candidate_->descriptor.id},
                                     {"version", candidate_->descriptor.version}});
}

void Instance::enter() {
  users_.fetch_add(1);
  const State state = state_.load();
  if (state == State::Started) {
    return;
  }
  leave();
  const std::string why = onOneLine(reason());
  throw Error(ErrorCode::Unavailable, "plugin \"" + name() + "\" is " + std::string(word(state)) +
                                          (why.empty() ? "" : ": " + why))
      .retryAfter(state == State::Suspended ? 1000 : 0);
}

void Instance::leave() noexcept {
  if (users_.fetch_sub(1) == 1 && state_.load() == State::Stopped) {
    const std::lock_guard lock(drain_mutex_);
    drained_.notify_all();
  }
}

void Instance::finished(std::chrono::microseconds took, bool late, bool failed) {
  stats_.record(static_cast<std::uint64_t>(took.count()), failed);
  calls_total_.add();
  seconds_.observe(static_cast<double>(took.count()) / 1e6);
  if (failed) {
    errors_total_.add();
  }
  if (late) {
    overruns_total_.add();
    parts_.log.warning("a plugin's call came back after its deadline",
                       {{"instance", name()}, {"took_ms", took.count() / 1000}});
  }
  if (breaker_.record(late)) {
    suspend();
  }
}

void Instance::suspend() {
  reason_.with([&](std::string& kept) {
    kept = std::to_string(parts_.limits.overruns_to_suspend) +
           " calls in a row came back after their deadline";
  });
  if (!step(Step::Suspend)) {
    return;
  }
  parts_.log.error("plugin suspended until it says it is well", {{"instance", name()}});
  services_->health_task =
      services_->scheduler.every(parts_.limits.health_interval, [this] { tryToResume(); });
}

// On the instance's own thread: a plugin that hangs here too stays suspended and hurts nobody.
void Instance::tryToResume() {
  const InPlugin mark(crash_site_, "health()");
  reeld_error error = blankError();
  const bool well = !REELD_HAS(plugin_, health) || plugin_->health(self_, &error) == REELD_OK;
  if (!well) {
    parts_.log.debug("plugin still suspended", {{"instance", name()}, {"reason", error.message}});
    return;
  }
  services_->scheduler.stop(services_->health_task);
  breaker_.reset();
  reason_.with([](std::string& kept) { kept.clear(); });
  if (step(Step::Resume)) {
    parts_.log.info("plugin resumed", {{"instance", name()}});
  }
}

bool Instance::drain(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(drain_mutex_);
  return drained_.wait_until(lock, until, [&] { return users_.load() == 0; });
}

bool Instance::stop(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  if (!step(Step::Stop) && state() != State::Stopped) {
    return true;  // never created, or destroyed already
  }
  __atomic_store_n(&cancelled_, 1, __ATOMIC_RELAXED);
  const bool idle = services_->scheduler.end(patience) && drain(until);
  if (!idle) {
    parts_.log.error("plugin left behind: something still runs in it", {{"instance", name()}});
    return false;
  }
  const InPlugin mark(crash_site_, "stop()");
  if (started_ && REELD_HAS(plugin_, stop)) {
    const auto deadline =
        std::chrono::duration_cast<std::chrono::milliseconds>(until.time_since_epoch());
    plugin_->stop(self_, deadline.count());
  }
  plugin_->destroy(self_);
  self_ = nullptr;
  services_.reset();
  step(Step::Destroy);
  return true;
}

void Instance::reconfigure(const InstanceSettings& given, const std::string& config) {
  if (!runsInWorker() && self_ != nullptr) {
    const InPlugin mark(crash_site_, "reconfigure()");
    reeld_error error = blankError();
    const reeld_status status =
        REELD_HAS(plugin_, reconfigure)
            ? plugin_->reconfigure(self_, abi(config), &error)
            : say(&error, ErrorCode::Unsupported, "it cannot change while it runs");
    if (status != REELD_OK) {
      throw Error(ErrorCode::Invalid,
                  explain(name(), file(), {error.message, "restart reeld to apply it"}));
    }
  }
  config_.with([&](Config& kept) { kept = {given.config, given.loose, config}; });
}

void Instance::checkHealth() {
  if (runsInWorker() && state() == State::Probed) {
    return;
  }
  const Lease lease(*this);
  const InPlugin mark(crash_site_, "health()");
  reeld_error error = blankError();
  const reeld_status status =
      REELD_HAS(plugin_, health) ? plugin_->health(self_, &error) : REELD_OK;
  if (status != REELD_OK) {
    throw errorOf(name(), status, error);
  }
}

}  // namespace reeld::plugin
