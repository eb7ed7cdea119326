// Whether the work is still wanted: the host's cancel flag and deadline, asked often and cheaply by
// every loop, and by libavformat while it reads.
#pragma once
#include <reeld/plugin.hpp>

namespace reeld::libav {

class Control {
 public:
  explicit Control(const sdk::Call& call) : call_(call) {}
  bool stopped() const noexcept;
  /// Throws CANCELLED or TIMEOUT.
  void check() const;
  bool late() const noexcept;

 private:
  sdk::Call call_;
};

}  // namespace reeld::libav
