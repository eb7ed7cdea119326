#include "app/service/inherited_sockets.h"

#include "base/error.h"

#include <systemd/sd-daemon.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace reeld::app::service {

InheritedSockets::InheritedSockets() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  for (int i = 0; i < count; ++i) {
    const int fd = SD_LISTEN_FDS_START + i;
    std::string name = names[i];
    std::free(names[i]);
    if (name != "http" && name != "admin" && count == 1) {
      name = "http";  // a socket unit without FileDescriptorName=
    }
    if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0) {
      throw Error(ErrorCode::Invalid,
                  "the socket \"" + name +
                      "\" given by the service manager does not listen "
                      "for streams (reeld.socket needs ListenStream= and no Accept=)");
    }
    if ((name != "http" && name != "admin") || !sockets_.emplace(name, FileDescriptor(fd)).second) {
      throw Error(ErrorCode::Invalid, "cannot tell what the socket \"" + name +
                                          "\" given by the service manager "
                                          "is for (FileDescriptorName=http or admin, each once)");
    }
  }
  std::free(names);
}

std::optional<int> InheritedSockets::take(const std::string& name) {
  const auto found = sockets_.find(name);
  if (found == sockets_.end()) {
    return std::nullopt;
  }
  const int fd = found->second.release();
  sockets_.erase(found);
  return fd;
}

}  // namespace reeld::app::service
