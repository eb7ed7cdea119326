// One listening socket, shared by all loops; bound here or handed over (systemd socket activation).
#pragma once
#include "base/file_descriptor.h"
#include "http/engine/call.h"

#include <cstdint>
#include <string>

namespace reeld::http::engine {

class Listener {
 public:
  /// "127.0.0.1:8470", "[::1]:0", "*:80" (both families). Throws Error: UNAVAILABLE if somebody
  /// else listens there, INVALID for an address that is not one of this machine or may not be used.
  Listener(const std::string& address, Application& application);
  /// Takes a bound stream socket; it is left open at the end, for its owner's next daemon.
  Listener(int bound_fd, Application& application);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// A socket with that address, for as long as it is kept, on which nobody can connect: whether a
  /// listener would be possible. Throws as the constructor does.
  static FileDescriptor reserve(const std::string& address);
  /// Whether the address is one of this machine, whoever may have its port. Throws Error INVALID.
  static void requireLocal(const std::string& address);

  int fd() const noexcept { return fd_; }
  std::uint16_t port() const;
  Application& application() const noexcept { return application_; }
  /// New connections are refused from now on; a handed-over socket keeps them for the next daemon.
  void close() noexcept;

 private:
  Application& application_;
  int fd_ = -1;
  const bool adopted_;
};

}  // namespace reeld::http::engine
