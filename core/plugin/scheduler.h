// Work at intervals on one thread, which exists once there is work. A task never runs twice at
// once.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace reeld::plugin {

class Scheduler {
 public:
  /// `name` is the thread's, at most 15 bytes of it.
  explicit Scheduler(std::string name);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Any thread, also before begin(). The body must not throw. 0 = refused: the period is shorter
  /// than 10 ms, or end() was called.
  std::uint64_t every(std::chrono::milliseconds period, std::function<void()> body);
  /// Returns once the task is not running and will not run; from inside it at once.
  void stop(std::uint64_t task);

  /// Nothing runs before.
  void begin();
  /// No task starts any more; waits for one that runs, but not beyond the patience. False if it
  /// still runs then: what it uses must stay where it is.
  bool end(std::chrono::milliseconds patience);

 private:
  struct Shared;
  void startThread();
  std::string name_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace reeld::plugin
