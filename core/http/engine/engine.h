// The HTTP/1.1 engine: event loops on shared listeners, and the pools that take what may block.
// Knows nothing of routes; what a request means is the Application's business.
#pragma once
#include "http/engine/loop.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace reeld::http::engine {

class Engine {
 public:
  Engine(const Options& options, const Clock& clock);
  ~Engine();  ///< ends at once what still runs
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Before start(). The application must outlive the engine.
  Listener& listen(const std::string& address, Application& application);
  Listener& adopt(int bound_fd, Application& application);

  /// Raises the descriptor limit and starts every thread.
  void start();
  /// Stops accepting; what is in hand may finish until the deadline, then it is cut.
  void beginDrain(std::chrono::milliseconds within);
  /// Returns when the drain is over and every thread has ended.
  void join();

  unsigned loopCount() const noexcept { return loop_count_; }
  const LoopCounters& counters(unsigned loop) const { return *shared_.counters.at(loop); }
  /// Jobs waiting in the lanes: workers, hash, io.
  std::size_t queuedWorkers() const { return shared_.workers.queued(); }
  std::size_t queuedHash() const { return shared_.hash.queued(); }
  std::size_t queuedIo() const { return shared_.io.queued(); }
  std::size_t maxConnections() const noexcept { return shared_.max_connections; }

 private:
  unsigned loop_count_;
  Shared shared_;
  std::vector<std::unique_ptr<Loop>> loops_;
  bool running_ = false;
};

}  // namespace reeld::http::engine
