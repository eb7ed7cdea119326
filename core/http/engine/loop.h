// One event loop: one thread, one epoll set, the connections it accepted. Waits, hands what
// happened to the driver and the acceptor, and ends when a drain is over.
#pragma once
#include "http/engine/acceptor.h"
#include "http/engine/driver.h"
#include "http/engine/loop_state.h"

#include <sys/epoll.h>

#include <atomic>
#include <span>
#include <thread>

namespace reeld::http::engine {

class Loop {
 public:
  Loop(unsigned index, Shared& shared);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void start();
  /// Any thread: stop accepting, end what is idle, close the rest at the deadline (monotonic ms).
  void drain(std::int64_t deadline_ms);
  void join();
  /// After join() and the end of all pools: completes the calls whose jobs came back too late.
  void settle();

 private:
  void run();
  /// Waits for events and works on them, once.
  void turn(int timeout_ms);
  void work(std::span<const epoll_event> events);
  void beginDrain();
  void takeReturned();
  void closeAll();

  LoopState state_;
  Driver driver_;
  Acceptor acceptor_;
  std::atomic<std::int64_t> drain_deadline_ms_{0};  ///< 0 = not draining
  std::vector<Job> arrived_;
  std::vector<ConnectionRef> turns_;
  std::thread thread_;
};

}  // namespace reeld::http::engine
