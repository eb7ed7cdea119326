// What the tests of the plugin host share: a trusted folder with copies of built plugins, a log
// that can be read, and a registry over both.
#pragma once
#include "base/crypto.h"
#include "base/log.h"
#include "base/metrics.h"
#include "catch.h"
#include "plugin/registry.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace reeld::test {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-plugin-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  std::filesystem::path path;
};

/// A log whose lines are kept in memory.
class ReadableLog {
 public:
  ReadableLog()
      : fd_(memfd_create("log", MFD_CLOEXEC)), log(LogLevel::Debug, LogFormat::Text, fd_) {}
  ~ReadableLog() { close(fd_); }
  ReadableLog(const ReadableLog&) = delete;
  ReadableLog& operator=(const ReadableLog&) = delete;
  std::string text() const {
    std::string all(static_cast<std::size_t>(lseek(fd_, 0, SEEK_CUR)), '\0');
    return all.substr(
        0, static_cast<std::size_t>(std::max<ssize_t>(0, pread(fd_, all.data(), all.size(), 0))));
  }

 private:
  int fd_;

 public:
  Log log;
};

/// Copies a built plugin as Debian would install it: 0644, owned by who runs the test.
inline std::string install(const std::string& built, const std::string& folder) {
  const auto target = std::filesystem::path(folder) / std::filesystem::path(built).filename();
  std::filesystem::copy_file(built, target);
  std::filesystem::permissions(target, std::filesystem::perms(0644));
  return target.string();
}
inline std::string tiny(const std::string& name) {
  return std::string(REELD_TINY_PLUGINS) + "/" + name + ".so";
}
inline std::string bundled(const std::string& name) {
  return std::string(REELD_PLUGINS) + "/" + name + ".so";
}

class World {
 public:
  World() { std::filesystem::create_directory(folder / "plugins"); }

  std::string add(const std::string& built) { return install(built, folder / "plugins"); }
  plugin::Registry& build(std::vector<plugin::InstanceSettings> instances) {
    plugin::RegistryOptions options;
    options.instances = std::move(instances);
    options.plugin_dirs = {folder / "plugins"};
    options.worker = REELD_WORKER;
    options.data_dir = folder / "data";
    options.database = {"sqlite:reeld.db", folder / "data"};
    options.limits = limits;
    registry = std::make_unique<plugin::Registry>(options, log.log, metrics, clock);
    return *registry;
  }
  plugin::Registry& run(std::vector<plugin::InstanceSettings> instances) {
    build(std::move(instances));
    registry->load();
    registry->start();
    return *registry;
  }

  TempFolder folder;
  ReadableLog log;
  Metrics metrics;
  SystemClock clock;
  plugin::CallLimits limits;
  std::unique_ptr<plugin::Registry> registry;  // before what it uses goes
};

/// What the body throws, as text; fails the test if it does not.
template <class Body>
std::string messageOf(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("nothing was thrown");
  return {};
}
template <class Body>
ErrorCode codeThrown(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::Ok;
}

/// Waits for something another thread does.
template <class Condition>
bool eventually(Condition&& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) {
      return false;
    }
    ::usleep(1000);
  }
  return true;
}

}  // namespace reeld::test
