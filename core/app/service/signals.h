// Signals as values: blocked in every thread from the first line of main, read from one descriptor.
// A child must unblock them again before it runs another program.
#pragma once
#include <chrono>
#include <optional>

namespace reeld::app::service {

/// First thing in main, before any thread: HUP, TERM, INT, QUIT, USR1 and USR2 wait for Signals;
/// PIPE is ignored.
void blockSignals();

class Signals {
 public:
  Signals();  ///< throws Error
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The next signal, or nothing when the time is up. One thread.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  /// Readable when a signal waits.
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

/// Whether TERM, INT or QUIT already waits: a start that takes long looks here between its parts.
bool stopIsPending() noexcept;

}  // namespace reeld::app::service
