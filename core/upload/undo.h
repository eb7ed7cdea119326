// Takes a step back unless it is told that the whole went well: for steps outside the database,
// which no rollback reaches. A step back that fails is logged; what it leaves in storage is found
// by SourceSweep.
#pragma once
#include "base/log.h"

#include <exception>
#include <functional>
#include <string>

namespace reeld::upload {

class Undo {
 public:
  Undo(const Log& log, std::string what, std::function<void()> step)
      : log_(log), what_(std::move(what)), step_(std::move(step)) {}
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    if (step_) {
      try {
        step_();
      } catch (const std::exception& error) {
        log_.warning("cannot " + what_, {{"error", error.what()}});
      }
    }
  }
  void dismiss() noexcept { step_ = nullptr; }

 private:
  const Log& log_;
  std::string what_;
  std::function<void()> step_;
};

}  // namespace reeld::upload
