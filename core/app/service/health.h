// Is the daemon fit to serve? Named checks, each asked when somebody wants to know, with a memory
// of its own length so that a curious monitor costs nothing.
#pragma once
#include "base/clock.h"
#include "base/json.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace reeld::app::service {

struct CheckResult {
  std::string name;
  bool ok = false;
  std::string message;  ///< why not
  bool vital = true;    ///< the daemon cannot serve without it
  std::int64_t took_ms = 0;
  Json facts;  ///< an object: what it has to say when it is fit; null: nothing
};

class Health {
 public:
  explicit Health(const Clock& clock) : clock_(clock) {}

  /// Before the first ask. `check` throws Error when not fit; it may block, but has a deadline of
  /// its own.
  void add(std::string name, std::function<void()> check,
           std::chrono::milliseconds remember = std::chrono::milliseconds(0));
  /// The same, for a check that has something to say when it is fit (CheckResult::facts).
  void addTelling(std::string name, std::function<Json()> check,
                  std::chrono::milliseconds remember);
  /// For what the daemon serves without: shown when not fit, and still ready.
  void addMinor(std::string name, std::function<void()> check);
  /// From now on not ready, whatever the checks say.
  void drain() noexcept { draining_ = true; }

  struct Report {
    bool ready = true;
    bool degraded = false;  ///< something that is not vital is not fit
    std::vector<CheckResult> checks;
  };
  /// Any thread; one check runs once at a time.
  Report ask();

 private:
  struct Check {
    std::string name;
    std::function<Json()> run;
    std::chrono::milliseconds remember{0};
    bool vital = true;
    std::mutex mutex;
    std::int64_t asked_ms = 0;
    bool asked = false;
    CheckResult last;
  };
  CheckResult ask(Check& check) const;

  const Clock& clock_;
  std::vector<std::unique_ptr<Check>> checks_;
  std::atomic<bool> draining_{false};
};

}  // namespace reeld::app::service
