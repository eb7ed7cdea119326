// A bundled plugin held by its C table, with a host of its own and a private folder: no registry,
// no adapter, nothing that could hide a fault of the plugin.
#pragma once
#include "base/log.h"
#include "base/metrics.h"
#include "catch.h"
#include "plugin/descriptor.h"
#include "plugin/host.h"
#include "plugin/host_log.h"
#include "plugin/host_metrics.h"
#include "plugin/host_schedule.h"
#include "plugin/host_secrets.h"
#include "plugin/host_sql.h"
#include "plugin/inspector.h"
#include "plugin/library.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace reeld::test {

class Folder {
 public:
  explicit Folder(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    std::string pattern = (parent / "reeld-contract-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path;
};

inline std::vector<std::string> bundledNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(REELD_PLUGINS)) {
    if (entry.path().extension() == ".so") {
      names.push_back(entry.path().stem());
    }
  }
  REQUIRE(names.size() >= 3);
  return names;
}

inline const reeld_plugin* opened(const std::string& name) {
  const auto answer = plugin::openLibrary(std::string(REELD_PLUGINS) + "/" + name + ".so");
  if (const auto* refusal = std::get_if<plugin::Refusal>(&answer)) {
    FAIL(name << " " << refusal->what);
  }
  return std::get<const reeld_plugin*>(answer);
}

/// The configuration a daemon would hand over for what an administrator wrote.
inline std::string validated(const reeld_plugin* raw, const std::string& config) {
  const auto answer =
      plugin::effectiveConfig(plugin::describe(raw), {"held", "held", true, Json::parse(config)});
  REQUIRE(std::holds_alternative<std::string>(answer));
  return std::get<std::string>(answer);
}

inline constexpr const char* SiteSecret = "a secret of the site, 32 bytes and more";

class Held {
 public:
  explicit Held(const std::string& name, const std::string& config = "{}",
                const std::filesystem::path& data_dir = {}, const char* secret = SiteSecret)
      : raw(opened(name)),
        host_("held", data_dir.empty() ? folder_.path.string() : data_dir.string()),
        secret_(secret) {
    status = raw->create(host_.abi(), plugin::abi(config_ = validated(raw, config)), &self, &error);
    if (status == REELD_OK && raw->start != nullptr) {
      status = raw->start(self, &error);
    }
  }
  ~Held() {
    if (self != nullptr) {
      scheduler_.end(std::chrono::seconds(5));
      if (raw->stop != nullptr) {
        raw->stop(self, 0);
      }
      raw->destroy(self);
    }
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  template <class Table>
  const Table& table(const char* kind) const {
    const void* found = plugin::tableOf(raw, kind);
    REQUIRE(found != nullptr);
    return *static_cast<const Table*>(found);
  }
  const std::filesystem::path& folder() const { return folder_.path; }
  const reeld_host* host() const { return host_.abi(); }
  /// What the plugin asked to have done at intervals begins now.
  void beginSchedule() { scheduler_.begin(); }
  /// As if the daemon had been killed: nothing is told to the plugin.
  void kill() {
    scheduler_.end(std::chrono::seconds(5));
    raw->destroy(std::exchange(self, nullptr));
  }

  const reeld_plugin* raw;
  void* self = nullptr;
  reeld_error error = plugin::blankError();
  reeld_status status = REELD_INTERNAL;

 private:
  Folder folder_;
  Log log_{LogLevel::Error};
  Metrics metrics_;
  plugin::Host host_;
  plugin::Scheduler scheduler_{"held"};
  plugin::HostLog host_log_{host_, log_};
  plugin::HostMetrics host_metrics_{host_, metrics_, log_};
  plugin::HostSchedule host_schedule_{host_, scheduler_};
  const db::DatabaseOptions database_{"sqlite:core.db", folder_.path.string()};
  const Secret secret_;
  plugin::HostSql host_sql_{host_, database_, log_, metrics_};
  plugin::HostSecrets host_secrets_{host_, secret_};
  std::string config_;
};

}  // namespace reeld::test
