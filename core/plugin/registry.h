// All configured instances, from configuration to a running plugin and back. Builds in two steps so
// that --check-config can stop after the first: load() looks at everything, start() runs it.
//   Registry registry(options, log, metrics, clock);
//   registry.load();   registry.start();   ...   registry.stop(30s);
// Life cycle: main thread. find(), list(), check(), workerPlugin(): any thread after load().
#pragma once
#include "plugin/instance.h"
#include "plugin/named_files.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

namespace reeld::plugin {

struct RegistryOptions {
  std::vector<InstanceSettings> instances;  ///< in configured order
  std::vector<std::string> plugin_dirs;
  std::string worker;    ///< absolute path of reeld-worker
  std::string data_dir;  ///< the daemon's; an instance's folder is instances/<name> below it
  db::DatabaseOptions database;  ///< the core's, for reeld.host.sql/1
  CallLimits limits;
  uid_t user = geteuid();  ///< who runs them, and may own them beside root
};

/// What a worker process needs to open an encoder by itself.
struct WorkerPlugin {
  std::string instance;
  std::string path;    ///< absolute
  std::string config;  ///< JSON
  std::string id;      ///< with the version it names what made an encoding
  std::string version;
};

/// A line of `reeldctl plugins list`.
struct InstanceFacts {
  std::string name;
  std::string file;
  std::string id;
  std::string version;
  std::string abi;  ///< "1.0": what the plugin needs
  std::vector<std::string> kinds;
  std::string state;
  std::string reason;
  bool required = true;
  bool is_up = false;  ///< it runs, or is an encoder that workers can run
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  std::uint64_t p99_us = 0;
};

struct CheckReport {
  bool ok = false;
  std::string text;  ///< what the daemon would say, or what the plugin is
};

class Registry {
 public:
  Registry(RegistryOptions options, Log& log, Metrics& metrics, const Clock& clock);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Finds, trusts, probes and validates every instance and orders them. Throws one Error INVALID
  /// with every required instance's message, a line break between them; others are kept as failed.
  void load();
  /// Before start(): the site's secret, of which reeld.host.secrets/1 makes keys. Without it there
  /// is no such service.
  void setSiteSecret(Secret secret) { site_secret_ = std::move(secret); }
  /// Opens and creates all, then starts all. Required ones that cannot be created are told at once;
  /// the first that cannot be started ends it. What was made is taken down, and one Error thrown
  /// with the message of each and the code of the first.
  void start();
  /// In reverse order, all within the patience. Safe to call twice.
  void stop(std::chrono::milliseconds patience);
  /// Applies new configurations to the running instances: all or none. Throws Error INVALID, with
  /// the old ones in force, also if the instances themselves differ (that takes a restart).
  void reconfigure(const std::vector<InstanceSettings>& instances);
  /// Throws Error INVALID with a line for each loaded instance whose configuration its schema
  /// refuses.
  void requireAcceptable(const std::vector<InstanceSettings>& instances) const;
  /// Whether the instance runs and can be given another configuration while it does.
  bool canReconfigure(const std::string& name) const;
  /// What the configuration means to the plugin, defaults included: the same text for the same
  /// meaning. Of an instance that is not loaded, or a configuration it refuses, what was written.
  std::string meaningOf(const InstanceSettings& settings) const;

  /// Throws Error INVALID: no instance has that name, or it does not offer the kind.
  /// `asked_by` is the configuration key that names it ("storage").
  Instance& require(const std::string& name, std::string_view kind, const std::string& asked_by);
  Instance* find(std::string_view name) noexcept;
  const Instance* find(std::string_view name) const noexcept;
  WorkerPlugin workerPlugin(const std::string& name, std::string_view kind,
                            const std::string& asked_by);

  std::vector<InstanceFacts> list() const;
  /// Instances that were left out because they crashed too often, each with the reason.
  struct Quarantined {
    std::string instance;
    std::string reason;
  };
  const std::vector<Quarantined>& quarantined() const noexcept { return quarantined_; }
  /// A file that an instance cannot do without.
  struct RequiredFile {
    std::string instance;
    NamedFile file;
  };
  /// Of the required instances that could be loaded.
  std::vector<RequiredFile> requiredFiles() const;
  /// An instance by its name, or a plugin file by its path (with a '/').
  CheckReport check(const std::string& what) const;
  /// What an instance tells of itself under that name, as JSON. Throws NOT_FOUND for an instance
  /// that is none, UNSUPPORTED for one that tells nothing, and what the plugin says.
  std::string report(const std::string& instance, const std::string& what);

 private:
  void order();
  void takeUp(Instance& instance, void (Instance::*step)(), std::vector<Error>& fatal);
  void stopIfAny(const std::vector<Error>& fatal);

  RegistryOptions options_;
  Log& log_;
  Metrics& metrics_;
  const Clock& clock_;
  Secret site_secret_;
  Inspector inspector_;
  std::vector<std::unique_ptr<Instance>> instances_;  // as configured
  std::vector<Instance*> in_order_;                   // as started
  std::vector<Quarantined> quarantined_;
};

}  // namespace reeld::plugin
