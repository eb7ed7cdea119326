// Listening sockets the service manager opened for us (sd_listen_fds(3)): they outlive a restart,
// so that no connection is refused meanwhile. Named "http" and "admin" by FileDescriptorName= in
// reeld.socket.
#pragma once
#include "base/file_descriptor.h"

#include <map>
#include <optional>
#include <string>

namespace reeld::app::service {

class InheritedSockets {
 public:
  /// Takes LISTEN_FDS out of the environment, if LISTEN_PID is this process. Throws Error INVALID
  /// for a descriptor that is no listening stream socket, or a name used twice. Closes in the end
  /// what nobody took.
  InheritedSockets();

  bool has(const std::string& name) const { return sockets_.count(name) > 0; }
  /// The descriptor, owned by the caller from now on. A single socket without a name of ours is
  /// "http".
  std::optional<int> take(const std::string& name);

 private:
  std::map<std::string, FileDescriptor> sockets_;
};

}  // namespace reeld::app::service
