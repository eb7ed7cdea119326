// The thread and this object share the list; a thread stuck in a task keeps its half when it is
// left.
#include "plugin/scheduler.h"

#include "base/thread_signals.h"

#include <pthread.h>

#include <condition_variable>
#include <csignal>
#include <list>
#include <mutex>
#include <thread>

namespace reeld::plugin {
namespace {
using SteadyClock = std::chrono::steady_clock;
}

struct Scheduler::Shared {
  struct Task {
    std::uint64_t id;
    std::chrono::milliseconds period;
    std::function<void()> body;
    SteadyClock::time_point due;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::list<Task> tasks;
  std::uint64_t last_id = 0;
  std::uint64_t running = 0;  ///< the task that runs now, 0 = none
  std::thread::id thread;
  bool begun = false;
  bool ended = false;
  bool has_thread = false;

  void loop();
};

void Scheduler::Shared::loop() {
  std::unique_lock lock(mutex);
  while (!ended) {
    auto next = tasks.begin();
    for (auto each = tasks.begin(); each != tasks.end(); ++each) {
      next = each->due < next->due ? each : next;
    }
    if (next == tasks.end()) {
      changed.wait(lock);
      continue;
    }
    const auto due = next->due;  // a copy: wait_until() reads it again after the task may be gone
    if (SteadyClock::now() < due) {
      changed.wait_until(lock, due);
      continue;
    }
    running = next->id;
    const auto body = next->body;  // the task may be stopped from inside itself
    const auto id = next->id;
    lock.unlock();
    body();
    lock.lock();
    running = 0;
    for (Task& task : tasks) {
      if (task.id == id) {
        task.due = SteadyClock::now() + task.period;
      }
    }
    changed.notify_all();
  }
  has_thread = false;
  changed.notify_all();
}

Scheduler::Scheduler(std::string name)
    : name_(std::move(name)), shared_(std::make_shared<Shared>()) {
  name_.resize(std::min<std::size_t>(name_.size(), 15));
}

Scheduler::~Scheduler() { end(std::chrono::seconds(10)); }

// The lock is held.
void Scheduler::startThread() {
  if (!shared_->begun || shared_->has_thread || shared_->tasks.empty()) {
    return;
  }
  shared_->has_thread = true;
  // Signals are the main thread's; a thread started from a plugin's call must not take one.
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  blockSignalsOfOthers();
  std::thread thread([shared = shared_] { shared->loop(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(thread.native_handle(), name_.c_str());
  shared_->thread = thread.get_id();
  thread.detach();  // end() waits for it by has_thread, so that waiting has a limit
}

std::uint64_t Scheduler::every(std::chrono::milliseconds period, std::function<void()> body) {
  const std::lock_guard lock(shared_->mutex);
  if (period < std::chrono::milliseconds(10) || shared_->ended) {
    return 0;
  }
  const std::uint64_t id = ++shared_->last_id;
  shared_->tasks.push_back({id, period, std::move(body), SteadyClock::now() + period});
  startThread();
  shared_->changed.notify_all();
  return id;
}

void Scheduler::stop(std::uint64_t task) {
  std::unique_lock lock(shared_->mutex);
  shared_->tasks.remove_if([&](const Shared::Task& each) { return each.id == task; });
  if (shared_->thread != std::this_thread::get_id()) {
    shared_->changed.wait(lock, [&] { return shared_->running != task || task == 0; });
  }
}

void Scheduler::begin() {
  const std::lock_guard lock(shared_->mutex);
  shared_->begun = true;
  startThread();
}

bool Scheduler::end(std::chrono::milliseconds patience) {
  std::unique_lock lock(shared_->mutex);
  shared_->ended = true;
  shared_->tasks.clear();
  shared_->changed.notify_all();
  if (shared_->thread == std::this_thread::get_id()) {
    return false;
  }
  return shared_->changed.wait_for(lock, patience, [&] { return !shared_->has_thread; });
}

}  // namespace reeld::plugin
