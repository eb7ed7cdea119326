// How far a task is, told to the host whenever it has grown by a thousandth. The last thousandth is
// the host's own, for when the task has ended.
#pragma once
#include <reeld/plugin.hpp>

#include <algorithm>
#include <cstdint>

namespace reeld::libav {

class Progress {
 public:
  explicit Progress(const sdk::JobSink& sink) : sink_(sink) {}

  /// In any unit; nothing is told of a whole that is not known.
  void reached(std::int64_t done, std::int64_t all) {
    if (all <= 0 || done <= 0) {
      return;
    }
    const auto permille =
        static_cast<std::uint32_t>(std::min<std::int64_t>(999, done * 1000 / all));
    if (permille > told_permille_) {
      told_permille_ = permille;
      sink_.progress(permille);
    }
  }
  /// No further, and no standing still.
  void stillWorking() const { sink_.progress(told_permille_); }

 private:
  const sdk::JobSink& sink_;
  std::uint32_t told_permille_ = 0;
};

}  // namespace reeld::libav
