#include "app/control/socket_path.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace reeld::app::control {

namespace {

sockaddr_un addressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw Error(ErrorCode::Invalid, "the path of the control socket is longer than " +
                                        std::to_string(sizeof address.sun_path - 1) +
                                        " bytes (choose a shorter data_dir): " + path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

FileDescriptor newSocket() {
  FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    throw systemError("cannot make a socket", errno);
  }
  return fd;
}

}  // namespace

std::string socketPath(const std::string& data_dir) {
  const char* runtime = std::getenv("RUNTIME_DIRECTORY");
  // systemd lists several folders with colons; the unit names one.
  const std::string folder =
      runtime != nullptr ? std::string(runtime).substr(0, std::string(runtime).find(':')) : "";
  return (folder.empty() ? data_dir : folder) + "/reeldctl.sock";
}

FileDescriptor bindSocket(const std::string& path) {
  const sockaddr_un address = addressOf(path);
  FileDescriptor fd = newSocket();
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw systemError("cannot make the control socket " + path, errno);
  }
  return fd;
}

FileDescriptor connectSocket(const std::string& path) {
  const sockaddr_un address = addressOf(path);
  FileDescriptor fd = newSocket();
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return fd;
  }
  switch (errno) {
    case ENOENT:
    case ECONNREFUSED:
      throw Error(ErrorCode::Unavailable,
                  "no reeld listens at " + path +
                      " (is it running? `systemctl status reeld`; another place: --socket "
                      "or --data-dir)");
    case EACCES:
    case EPERM:
      throw Error(ErrorCode::Denied, "may not enter " + path +
                                         ": run as root, as the daemon's user, or as a member "
                                         "of its group");
    default:
      throw systemError("cannot connect to " + path, errno);
  }
}

}  // namespace reeld::app::control
