// Which plugin function a thread is in, kept so that a crash in there can be told by name: the
// journal gets a line, and the instance a record that outlives the daemon. An instance that is not
// required and keeps crashing is left out by what its record says (plugin/quarantine.h).
#pragma once
#include <string>
#include <string_view>

namespace reeld::plugin {

/// Where crashes of an instance are told; lives as long as its plugin can be called.
struct CrashSite {
  std::string instance;
  std::string record;  ///< path of the file that is written to
};

/// What is in hand on this thread. All null outside of plugins.
struct CrashMark {
  const CrashSite* site = nullptr;
  const char* function = nullptr;
  std::string_view request;
};
inline thread_local constinit CrashMark crash_mark;

/// [hot] Marks the thread for as long as this lives. An exception that must not leave the function
/// around it ends the process with the mark still set.
class InPlugin {
 public:
  InPlugin(const CrashSite& site, const char* function, std::string_view request = {}) noexcept
      : before_(crash_mark) {
    crash_mark = {&site, function, request};
  }
  ~InPlugin() { crash_mark = before_; }
  InPlugin(const InPlugin&) = delete;
  InPlugin& operator=(const InPlugin&) = delete;

 private:
  const CrashMark before_;
};

/// From now on the signals that a fault raises are told if a plugin was in hand. The process ends
/// of them as it did before.
void tellCrashes() noexcept;
/// Lets a fault of this thread be told that comes from a full stack. Once per thread counts.
void tellFullStack() noexcept;

}  // namespace reeld::plugin
