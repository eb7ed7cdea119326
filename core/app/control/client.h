// The other end of the control socket: what reeldctl calls the daemon with.
#pragma once
#include "app/control/wire.h"

#include <functional>
#include <string>

namespace reeld::app::control {

class Client {
 public:
  /// Throws Error UNAVAILABLE if no daemon listens there, DENIED if we may not.
  explicit Client(const std::string& path);

  using Progress = std::function<void(const Json&)>;
  /// Blocks until the result; throws the daemon's Error. `file` goes along; the caller keeps it.
  Json call(const std::string& command, const Json& args, int file = -1,
            const Progress& progress = {});

 private:
  Wire wire_;
};

}  // namespace reeld::app::control
