// A configured plugin: its life, its host services, and the rules for calling it. Life-cycle
// functions are the main thread's; everything else is any thread's. Calls go through plugin/call.h.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "db/database.h"
#include "plugin/breaker.h"
#include "plugin/call_stats.h"
#include "plugin/crash.h"
#include "plugin/inspector.h"
#include "plugin/settings.h"
#include "plugin/state.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace reeld::plugin {

struct InstanceParts {
  Log& log;
  Metrics& metrics;
  const Clock& clock;
  const db::DatabaseOptions& database;  ///< the core's; an instance gets its own part of it
  std::string data_dir;                 ///< this instance's folder, made at create()
  CallLimits limits;
  const Secret& site_secret;  ///< what the instance's keys are made of
};

class Instance {
 public:
  Instance(InstanceSettings settings, InstanceParts parts);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const std::string& name() const noexcept { return settings_.name; }
  bool isRequired() const noexcept { return settings_.required; }
  /// As configured now; a reload replaces the configuration in it.
  InstanceSettings settings() const;
  std::string file() const { return settings_.use + ".so"; }
  /// The instance's own folder.
  const std::string& dataDir() const noexcept { return parts_.data_dir; }
  const CrashSite& crashSite() const noexcept { return crash_site_; }
  /// The file that says when its plugin crashed; absent if it never did.
  const std::string& crashRecord() const noexcept { return crash_site_.record; }
  State state() const noexcept { return state_.load(); }
  std::string reason() const;  ///< why it failed or is suspended
  const CallStats& stats() const noexcept { return stats_; }
  /// Empty before it was probed, or if that failed.
  const std::optional<Candidate>& candidate() const noexcept { return candidate_; }
  /// JSON with defaults, as the plugin has it now.
  std::string config() const;
  bool offers(std::string_view kind) const {
    return candidate_ && candidate_->descriptor.offers(kind);
  }
  /// An encoder is opened in worker processes alone; here it stays probed.
  bool runsInWorker() const;
  /// It can be called; of an encoder: by worker processes.
  bool isUp() const;
  /// It runs here, and its plugin can take another configuration while it does.
  bool canReconfigure() const noexcept;
  /// The table of a kind once it is opened, else nullptr.
  const void* table(std::string_view kind) const noexcept;

  void probed(Candidate candidate);
  void fail(const std::string& reason);
  /// Each throws Error with what explain() makes of the plugin's own reason, and leaves it failed.
  void open();
  void create();
  void start();
  /// Refuses calls from now on, waits for those under way, then stops and destroys the plugin.
  /// False if something still runs in it at the end of the patience: then this object must not be
  /// destroyed before another stop() succeeds.
  bool stop(std::chrono::milliseconds patience);

  /// Throws Error INVALID if the plugin refuses, or cannot change while it runs.
  /// `given` is as in the configuration, `config` what the plugin gets.
  void reconfigure(const InstanceSettings& given, const std::string& config);
  /// Asks the plugin; throws Error with its answer. Fine for one without health().
  void checkHealth();

 private:
  friend class Call;
  friend class HotCalls;
  friend class Lease;
  struct Services;

  bool step(Step step) noexcept;
  /// `refusal`: what the host could not give it, which is most likely why.
  [[noreturn]] void failWith(reeld_status status, const reeld_error& error, const char* function,
                             const std::optional<Error>& refusal = std::nullopt);
  void enter();  ///< throws unless started
  void leave() noexcept;
  void finished(std::chrono::microseconds took, bool late, bool failed);
  void suspend();
  void tryToResume();
  bool drain(std::chrono::steady_clock::time_point until);

  const InstanceSettings settings_;  // as at the start
  const InstanceParts parts_;
  const CrashSite crash_site_;
  std::atomic<State> state_{State::Listed};
  Guarded<std::string> reason_;
  struct Config {
    Json given;  ///< as in the configuration
    std::vector<LooseText> loose;
    std::string effective;  ///< as the plugin has it
  };
  Guarded<Config> config_;
  std::optional<Candidate> candidate_;
  const reeld_plugin* plugin_ = nullptr;
  void* self_ = nullptr;
  bool started_ = false;  // stop() is for what start() was called on
  std::int32_t cancelled_ =
      0;  // read by plugins through reeld_cancelled(), so atomic builtins only
  std::unique_ptr<Services> services_;

  std::atomic<int> users_{0};  // calls and leases; stop() waits until it is 0
  std::atomic<int> calls_{0};  // what the concurrency cap counts
  std::mutex drain_mutex_;
  std::condition_variable drained_;
  Breaker breaker_;
  CallStats stats_;
  Counter& calls_total_;
  Counter& errors_total_;
  Counter& overruns_total_;
  Histogram& seconds_;
};

}  // namespace reeld::plugin
