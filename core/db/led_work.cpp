#include "db/led_work.h"

namespace reeld::db {

LedWork::LedWork(Database& database, const Log& log, Plan plan, std::function<void()> work)
    : database_(database), log_(log), plan_(std::move(plan)), work_(std::move(work)) {}

LedWork::~LedWork() { stop(); }

void LedWork::start() {
  thread_ = std::thread([this] { run(); });
}

void LedWork::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

bool LedWork::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

std::chrono::seconds LedWork::workOnce() {
  try {
    if (const auto lead = database_.tryLead(plan_.task)) {
      work_();
    }
    return plan_.often;
  } catch (const std::exception& error) {
    log_.warning(plan_.failure, {{"error", error.what()}});
    return plan_.after_failure;
  }
}

void LedWork::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const std::chrono::seconds pause = workOnce();
    lock.lock();
    changed_.wait_for(lock, pause, [this] { return stopping_; });
  }
}

}  // namespace reeld::db
