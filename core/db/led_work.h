// Work that comes up again and again and is done by one of several daemons on one database, on a
// thread of its own: at once, and then as often as the plan says.
#pragma once
#include "base/log.h"
#include "db/database.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace reeld::db {

class LedWork {
 public:
  struct Plan {
    std::string task;     ///< a word, see Database::tryLead()
    std::string failure;  ///< what the log says when the work throws
    std::chrono::seconds often;
    std::chrono::seconds after_failure;
  };

  /// Database and log outlive this, and so does what `work` refers to: a member declared last is
  /// stopped before the others go.
  LedWork(Database& database, const Log& log, Plan plan, std::function<void()> work);
  ~LedWork();
  LedWork(const LedWork&) = delete;
  LedWork& operator=(const LedWork&) = delete;

  void start();
  /// Returns when the work under way has ended; long work asks stopping() now and then.
  void stop();
  bool stopping();

 private:
  void run();
  std::chrono::seconds workOnce();

  Database& database_;
  const Log& log_;
  const Plan plan_;
  const std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reeld::db
