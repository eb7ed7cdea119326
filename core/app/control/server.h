// The control socket of the daemon, for reeldctl. Who may: root, the daemon's own user, members of
// its group (by the kernel's word, SO_PEERCRED). One thread per connection, sixteen at most.
#pragma once
#include "app/control/command.h"
#include "base/guarded.h"
#include "base/log.h"

#include <sys/types.h>

#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reeld::app::control {

/// Who may use the socket besides root.
struct Owner {
  uid_t user;
  gid_t group;
};

class Server {
 public:
  static constexpr std::size_t MostConnections = 16;

  /// Listens at once. A socket left behind by a dead daemon is replaced; a living one is CONFLICT.
  /// `owner` is the daemon itself but in tests.
  Server(std::string path, Commands commands, const Log& log, Owner owner = thisProcess());
  ~Server();  ///< stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Ends connections (requests under way see CANCELLED at their next progress) and removes the
  /// socket. From any thread but a connection's, and from several: each returns when it is done.
  void stop();
  const std::string& path() const noexcept { return path_; }
  static Owner thisProcess();

 private:
  struct Connection {
    int fd = -1;
    std::atomic<bool> done{false};
    std::thread thread;
  };
  void endConnections();
  void accept();
  void admit(FileDescriptor socket);
  void serve(Wire& wire);
  std::string refusal(int fd) const;
  void answer(Wire& wire, Wire::Line line);
  static void reap(std::list<Connection>& connections);

  std::string path_;
  Commands commands_;
  const Log& log_;
  Owner owner_;
  FileDescriptor lock_;  ///< held as long as this daemon lives
  FileDescriptor socket_;
  FileDescriptor wake_;  ///< an eventfd
  std::once_flag stop_;
  std::atomic<bool> stopping_{false};
  Guarded<std::list<Connection>> connections_;
  std::thread acceptor_;
};

}  // namespace reeld::app::control
