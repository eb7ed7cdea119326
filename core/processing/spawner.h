// Starts child processes from one permanent thread: the kernel's "die with the parent" signal
// follows the thread that forked, not the process, so a child of a passing thread would die with
// it. Children die with this object as well, or with the daemon, however it ends.
#pragma once
#include <sys/types.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reeld::processing {

struct Program {
  std::string path;
  std::vector<std::string> arguments;    ///< without the name
  std::vector<std::string> environment;  ///< "NAME=value"; nothing is inherited
  std::vector<int> descriptors;          ///< become 0, 1, 2, ...; everything else is closed
};

class Spawner {
 public:
  Spawner();
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  /// Any thread. The child runs in a process group of its own with default signals; whoever asked
  /// reaps it. Throws Error if it cannot be started, also if exec fails.
  pid_t start(const Program& program);

 private:
  struct Request;
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request*> requests_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reeld::processing
