// A value that can be reached only through its lock, so "which mutex protects this?" is never
// asked.
#pragma once
#include <mutex>
#include <utility>

namespace reeld {

template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  /// Runs body with the value under the lock; keep it short: no call that can block.
  template <class Body>
  decltype(auto) with(Body&& body) {
    const std::lock_guard lock(mutex_);
    return std::forward<Body>(body)(value_);
  }
  template <class Body>
  decltype(auto) with(Body&& body) const {
    const std::lock_guard lock(mutex_);
    return std::forward<Body>(body)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace reeld
