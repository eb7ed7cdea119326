// What is wrong with a start, gathered so that an administrator hears of all of it at once.
#pragma once
#include "base/error.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::app::daemon {

class StartFaults {
 public:
  /// Runs a step of the start; an Error it throws is kept. False if it threw.
  bool attempt(const std::function<void()>& step);
  void add(ErrorCode code, const std::string& text);
  /// The same for a sentence that may be empty: no fault.
  void note(const std::string& text);

  bool empty() const noexcept { return found_.empty(); }
  std::vector<std::string> texts() const;
  /// Throws one Error with a line for each fault, if there are any. Its code is that of a fault an
  /// administrator must put right, if one is among them: trying again would not help.
  void check() const;

 private:
  struct Fault {
    ErrorCode code;
    std::string text;
  };
  std::vector<Fault> found_;
};

}  // namespace reeld::app::daemon
