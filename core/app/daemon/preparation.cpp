#include "app/daemon/preparation.h"

#include "app/control/socket_path.h"
#include "app/daemon/part_options.h"
#include "app/daemon/plugins.h"
#include "app/daemon/start_faults.h"
#include "app/service/path_fault.h"
#include "app/service/secret_file.h"
#include "base/error.h"
#include "http/engine/listener.h"
#include "users/email.h"
#include "users/password.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace reeld::app::daemon {

namespace {

using service::Need;
using service::pathFault;

/// The SQLite database's path, or "".
std::string databaseFile(const config::Settings& settings) {
  constexpr std::string_view Scheme = "sqlite:";
  return settings.database.url.starts_with(Scheme) ? std::filesystem::path(settings.data_dir) /
                                                         settings.database.url.substr(Scheme.size())
                                                   : "";
}

/// What lies in the data folder from earlier lives, perhaps of another user.
void checkFiles(StartFaults& faults, const config::Settings& settings) {
  if (const std::string file = databaseFile(settings); !file.empty()) {
    faults.note(pathFault(std::filesystem::path(file).parent_path(), Need::Folder));
    for (const char* suffix : {"", "-wal", "-shm", "-outbox.lock", "-sources.lock"}) {
      faults.note(pathFault(file + suffix, Need::File));
    }
  }
  const std::string socket = control::socketPath(settings.data_dir);
  faults.note(pathFault(std::filesystem::path(socket).parent_path(), Need::Folder));
  faults.note(pathFault(socket + ".lock", Need::File));
  const std::string instances = settings.data_dir + "/instances";
  if (pathFault(instances, Need::Folder).empty()) {
    for (const auto& instance : settings.plugins) {
      faults.note(pathFault(instances + "/" + instance.name, Need::Folder));
    }
  }
}

/// Only the first start needs the password, and only the database knows whether this is one; where
/// there is no database yet, it is.
void checkAdmin(StartFaults& faults, const config::Settings& settings) {
  if (settings.admin.email.empty()) {
    return;
  }
  StartFaults own;
  own.attempt([&] {
    const auto say = [&](const char* key, std::string_view fault) {
      own.note(fault.empty() ? "" : std::string(key) + ": " + std::string(fault));
    };
    say("admin.email", users::emailFault(settings.admin.email));
    const Secret password =
        service::readSecretFile(settings.admin.password_file, "admin.password_file");
    say("admin.password_file", users::passwordFault(password.reveal()));
  });
  const std::string database = databaseFile(settings);
  std::error_code unknown;
  const bool is_first =
      !database.empty() && !std::filesystem::exists(database, unknown) && !unknown;
  if (is_first || !faults.empty()) {
    faults.attempt([&] { own.check(); });
  }
}

void checkAddresses(StartFaults& faults, const config::Settings& settings,
                    const service::InheritedSockets& inherited) {
  const auto& http = settings.http;
  std::vector<FileDescriptor> reserved;  // all at once: two of one address do not go together
  const auto reserve = [&](const std::string& address, const char* name) {
    if (!address.empty() && !inherited.has(name)) {
      faults.attempt([&] { reserved.push_back(http::engine::Listener::reserve(address)); });
    }
  };
  if (settings.hasRole("api")) {
    reserve(http.listen, "http");
  }
  reserve(http.admin_listen, "admin");
  if (http.listen == http.admin_listen && !http.listen.ends_with(":0")) {
    faults.note("http.listen and http.admin_listen are both " + http.listen +
                ": give them different ports");
  }
}

/// Plugins are looked at in the worker: without one nothing can be said of them.
std::unique_ptr<plugin::Registry> load(StartFaults& faults, const config::Settings& settings,
                                       bool safe_mode, Log& log, Metrics& metrics,
                                       const Clock& clock) {
  if (const std::string fault = pathFault(workerPath(), Need::Program); !fault.empty()) {
    faults.note(fault);
    return nullptr;
  }
  auto registry =
      std::make_unique<plugin::Registry>(registryOptions(settings, safe_mode), log, metrics, clock);
  faults.attempt([&] { registry->load(); });
  requireChosen(*registry, settings, faults);
  return registry;
}

}  // namespace

Preparation prepare(const config::Settings& settings, bool safe_mode, Log& log, Metrics& metrics,
                    const Clock& clock) {
  StartFaults faults;
  std::optional<DataFolder> folder;
  if (faults.attempt([&] { folder.emplace(settings.data_dir); })) {
    for (const char* name : {"spool", "work", "instances"}) {
      faults.attempt([&] { folder->subfolder(name); });
    }
    checkFiles(faults, settings);
  }
  Secret secret;
  if (folder || !settings.auth.secret_file.empty()) {
    faults.attempt([&] { secret = service::signingSecret(settings); });
  }
  auto plugins = load(faults, settings, safe_mode, log, metrics, clock);
  std::optional<service::InheritedSockets> sockets;
  if (faults.attempt([&] { sockets.emplace(); })) {
    checkAddresses(faults, settings, *sockets);
  }
  checkAdmin(faults, settings);
  faults.check();
  return {std::move(*folder), std::move(secret), std::move(*sockets), std::move(plugins)};
}

std::unique_ptr<plugin::Registry> examine(const config::Settings& settings, bool safe_mode,
                                          Log& log, Metrics& metrics, const Clock& clock) {
  StartFaults faults;
  faults.note(pathFault(settings.data_dir, Need::Folder));
  if (faults.empty()) {
    for (const char* name : {"spool", "work", "instances"}) {
      faults.note(pathFault(settings.data_dir + "/" + name, Need::Folder));
    }
    checkFiles(faults, settings);
  }
  faults.attempt([&] { service::checkSigningSecret(settings); });
  auto plugins = load(faults, settings, safe_mode, log, metrics, clock);
  if (!service::isOutOfReach(settings.admin.password_file)) {
    checkAdmin(faults, settings);
  }
  faults.check();
  return plugins;
}

}  // namespace reeld::app::daemon
