// The host as one instance sees it: the reeld_host record and the services behind it. Each service
// is a class of its own (host_log.h, host_metrics.h, host_schedule.h, host_sql.h,
// host_secrets.h) that joins a Host.
#pragma once
#include "base/error.h"
#include "base/guarded.h"

#include <reeld/plugin.h>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::plugin {

enum class Service : std::size_t { Log, Metrics, Schedule, Sql, Secrets };

class Host {
 public:
  /// `data_dir` is absolute and belongs to the instance.
  Host(std::string instance, std::string data_dir);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Offers a table under an id. `ready` runs when the plugin asks for it; if it returns false or
  /// throws an Error the plugin gets NULL. Both pointers live as long as this.
  void join(Service service, const char* id, const void* table, void* object,
            std::function<bool()> ready = {});

  const reeld_host* abi() const noexcept { return &abi_; }
  const std::string& instance() const noexcept { return instance_; }
  const std::string& dataDir() const noexcept { return data_dir_; }
  /// Why the plugin did not get a service it asked for, the first time.
  std::optional<Error> refusal() const;

  /// [hot] The service's object behind a pointer the plugin handed back.
  template <class T>
  static T& of(const reeld_host* host, Service service) noexcept {
    return *static_cast<T*>(
        static_cast<Host*>(host->impl)->entries_[static_cast<std::size_t>(service)].object);
  }

 private:
  struct Entry {
    const char* id = nullptr;
    const void* table = nullptr;
    void* object = nullptr;
    std::function<bool()> ready;
  };
  static const void* service(const reeld_host* host, const char* id) noexcept;
  bool isReady(const Entry& entry) noexcept;

  std::string instance_;
  std::string data_dir_;
  std::array<Entry, 5> entries_;
  Guarded<std::optional<Error>> refusal_;
  reeld_host abi_{};
};

/// Views and error records in both directions.
inline std::string_view view(reeld_str text) noexcept { return {text.data, text.size}; }
inline reeld_str abi(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline reeld_bytes abiBytes(std::string_view text) noexcept {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view view(reeld_bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}
reeld_error blankError() noexcept;
/// Says into a plugin's error record what went wrong in the host; `out` may be null.
reeld_status say(reeld_error* out, ErrorCode code, std::string_view message) noexcept;

/// Runs host code that a plugin called: no exception crosses into the plugin.
reeld_status guarded(reeld_error* out, const std::function<void()>& body) noexcept;

}  // namespace reeld::plugin
