// What some rows took, by the clock on the wall and in processor time of this process.
#pragma once
#include <time.h>

#include <chrono>

namespace reeld::bench {

struct Cost {
  double per_second = 0;
  double cpu_us = 0;  ///< of one
};

class Stopwatch {
 public:
  Cost of(double count) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    return {count / took.count(), (cpuSeconds() - cpu_) / count * 1e6};
  }

 private:
  static double cpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
  }
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const double cpu_ = cpuSeconds();
};

}  // namespace reeld::bench
