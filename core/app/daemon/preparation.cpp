#include "app/daemon/preparation.h"

#include "app/control/socket_path.h"
#include "app/daemon/onlooker.h"
#include "app/daemon/part_options.h"
#include "app/daemon/plugins.h"
#include "app/daemon/sandbox_check.h"
#include "app/daemon/start_faults.h"
#include "app/service/password_file.h"
#include "app/service/path_fault.h"
#include "app/service/secret_file.h"
#include "base/error.h"
#include "http/engine/listener.h"
#include "users/email.h"
#include "users/password.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
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

/// What a plugin keeps beside its database may be meant to be read only.
void checkInstance(StartFaults& faults, const std::string& folder) {
  const std::string fault = pathFault(folder, Need::Folder);
  faults.note(fault);
  std::error_code failed;
  if (!fault.empty() || !std::filesystem::exists(folder, failed)) {
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.is_regular_file(failed)) {
      const bool is_database = entry.path().filename().string().starts_with("instance.db");
      faults.note(pathFault(entry.path(), is_database ? Need::File : Need::Secret));
    }
  }
}

/// What lies in the data folder from earlier lives, perhaps of another user.
void checkFiles(StartFaults& faults, const config::Settings& settings) {
  if (const std::string file = databaseFile(settings); !file.empty()) {
    faults.note(pathFault(std::filesystem::path(file).parent_path(), Need::Folder));
    for (const char* suffix :
         {"", "-wal", "-shm", "-migrate.lock", "-outbox.lock", "-sources.lock"}) {
      faults.note(pathFault(file + suffix, Need::File));
    }
  }
  faults.note(service::passwordFileFault(settings.database.url));
  const std::string socket = control::socketPath(settings.data_dir);
  faults.note(pathFault(std::filesystem::path(socket).parent_path(), Need::Folder));
  faults.note(pathFault(socket + ".lock", Need::File));
  const std::string instances = settings.data_dir + "/instances";
  if (pathFault(instances, Need::Folder).empty()) {
    for (const auto& instance : settings.plugins) {
      checkInstance(faults, instances + "/" + instance.name);
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

void checkEqualAddresses(StartFaults& faults, const config::HttpSettings& http) {
  if (http.listen == http.admin_listen && !http.listen.ends_with(":0")) {
    faults.note("http.listen and http.admin_listen are both " + http.listen +
                ": give them different ports");
  }
}

/// For beside a running daemon: its ports are taken, and rightly.
void checkAddresses(StartFaults& faults, const config::Settings& settings) {
  const auto& http = settings.http;
  const auto require = [&](const std::string& address) {
    if (!address.empty()) {
      faults.attempt([&] { http::engine::Listener::requireLocal(address); });
    }
  };
  if (settings.hasRole("api")) {
    require(http.listen);
  }
  require(http.admin_listen);
  checkEqualAddresses(faults, http);
}

/// What plugins read when they are created, which a look from outside does not do.
void checkNamedFiles(StartFaults& faults, const plugin::Registry& plugins,
                     std::vector<std::string>& unjudged) {
  for (const auto& [instance, file] : plugins.requiredFiles()) {
    const std::string key = "plugins." + instance + ".config" + file.pointer;
    if (service::isOutOfReach(file.path)) {
      unjudged.push_back(key + ": " + file.path + " is shown to the service alone");
    } else if (file.is_secret) {
      faults.attempt([&] { service::readSecretFile(file.path, key); });
    } else if (access(file.path.c_str(), R_OK) != 0) {
      faults.note(key + ": " + systemError("cannot open " + file.path, errno).what());
    }
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
  checkEqualAddresses(faults, http);
}

/// Plugins are looked at in the worker: without one nothing can be said of them.
std::unique_ptr<plugin::Registry> load(StartFaults& faults, const config::Settings& settings,
                                       bool safe_mode, uid_t user, Log& log, Metrics& metrics,
                                       const Clock& clock) {
  if (const std::string fault = pathFault(workerPath(), Need::Program); !fault.empty()) {
    faults.note(fault);
    return nullptr;
  }
  auto options = registryOptions(settings, safe_mode);
  options.user = user;
  auto registry = std::make_unique<plugin::Registry>(std::move(options), log, metrics, clock);
  faults.attempt([&] { registry->load(); });
  requireChosen(*registry, settings, faults);
  return registry;
}

bool runsEncoder(const config::Settings& settings, const plugin::Registry& plugins) {
  const plugin::Instance* encoder = plugins.find(settings.encoder);
  return settings.hasRole("worker") && encoder != nullptr && encoder->candidate();
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
  auto plugins = load(faults, settings, safe_mode, geteuid(), log, metrics, clock);
  std::optional<service::InheritedSockets> sockets;
  if (faults.attempt([&] { sockets.emplace(); })) {
    checkAddresses(faults, settings, *sockets);
  }
  checkAdmin(faults, settings);
  faults.check();
  return {std::move(*folder), std::move(secret), std::move(*sockets), std::move(plugins)};
}

Examination examine(const config::Settings& settings, bool safe_mode, Log& log, Metrics& metrics,
                    const Clock& clock) {
  StartFaults faults;
  const Onlooker onlooker(settings.data_dir);
  Examination result;
  const auto judge = [&](const std::function<void(StartFaults&)>& step) {
    onlooker.judge(step, faults, result.unjudged);
  };
  judge([&](StartFaults& found) {
    found.note(pathFault(settings.data_dir, Need::Folder));
    if (found.empty()) {
      for (const char* name : {"spool", "work", "instances"}) {
        found.note(pathFault(settings.data_dir + "/" + name, Need::Folder));
      }
      checkFiles(found, settings);
    }
    if (service::isOutOfReach(settings.auth.secret_file)) {
      result.unjudged.push_back("auth.secret_file: " + settings.auth.secret_file +
                                " is shown to the service alone");
    } else {
      found.attempt([&] { service::checkSigningSecret(settings); });
    }
  });
  result.plugins = load(faults, settings, safe_mode, onlooker.daemonUser(), log, metrics, clock);
  if (result.plugins && runsEncoder(settings, *result.plugins)) {
    try {
      result.sandbox = sandboxSentence(checkedSandbox(settings, clock, log, metrics));
    } catch (const Error& error) {
      // Only what was tried and does not hold is a fault.
      if (error.code() == ErrorCode::Unavailable) {
        faults.add(ErrorCode::Unsupported, std::string("sandbox: ") + error.what());
      } else {
        result.unjudged.push_back(std::string("sandbox: it could not be tried: ") + error.what());
      }
    }
  }
  checkAddresses(faults, settings);
  judge([&](StartFaults& found) {
    if (result.plugins) {
      checkNamedFiles(found, *result.plugins, result.unjudged);
    }
    if (!service::isOutOfReach(settings.admin.password_file)) {
      checkAdmin(found, settings);
    }
  });
  faults.check();
  return result;
}

}  // namespace reeld::app::daemon
