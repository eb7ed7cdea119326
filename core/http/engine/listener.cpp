#include "http/engine/listener.h"

#include "base/error.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace reeld::http::engine {

namespace {

constexpr int Backlog = 4096;

struct HostPort {
  std::string host;
  std::string port;
};

HostPort split(const std::string& address) {
  const auto colon = address.rfind(':');
  const bool bracketed = !address.empty() && address.front() == '[';
  if (colon == std::string::npos || (bracketed && address[colon - 1] != ']')) {
    throw Error(ErrorCode::Invalid, "cannot listen on \"" + address + "\": expected host:port");
  }
  std::string host = address.substr(0, colon);
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  return {host, address.substr(colon + 1)};
}

/// Why, and what to do about it.
Error refusedAddress(const std::string& address, const HostPort& parts, int reason) {
  const std::string text = systemError("cannot listen on " + address, reason).what();
  switch (reason) {
    case EADDRINUSE:
      // Whoever has it may be on its way out, so this may be tried again.
      return {ErrorCode::Unavailable, text + " (who: ss -Hltnp 'sport = :" + parts.port + "')"};
    case EADDRNOTAVAIL:
      return {ErrorCode::Invalid,
              text + " (no interface has it: choose one of those that ip -brief address lists)"};
    case EACCES:
      return {ErrorCode::Invalid,
              text + " (choose a port above 1023 and let a proxy listen there)"};
    default:
      return {ErrorCode::Internal, text};
  }
}

enum class Port { Asked, Any };

FileDescriptor bound(const std::string& address, Port port = Port::Asked) {
  const HostPort parts = split(address);
  const bool any = parts.host.empty() || parts.host == "*";
  addrinfo hints{};
  hints.ai_family = any ? AF_INET6 : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(any ? nullptr : parts.host.c_str(),
                                 port == Port::Any ? "0" : parts.port.c_str(), &hints, &found);
  if (failed != 0) {
    throw Error(ErrorCode::Invalid, "cannot listen on " + address + ": " + gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  FileDescriptor fd(socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) {
    throw systemError("cannot listen on " + address, errno);
  }
  const int on = 1;
  const int off = 0;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (any) {
    setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (bind(fd.get(), list->ai_addr, list->ai_addrlen) != 0) {
    throw refusedAddress(address, parts, errno);
  }
  return fd;
}

int listening(const std::string& address) {
  FileDescriptor fd = bound(address);
  if (listen(fd.get(), Backlog) != 0) {
    throw refusedAddress(address, split(address), errno);
  }
  return fd.release();
}

int adopt(int fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) {
    throw Error(ErrorCode::Invalid, "descriptor " + std::to_string(fd) +
                                        " is not a listening socket (socket activation)");
  }
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

/// Connections inherit it: an answer's last bytes must not wait for the peer's acknowledgement.
int withoutDelay(int fd) noexcept {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

Listener::Listener(const std::string& address, Application& application)
    : application_(application), fd_(withoutDelay(listening(address))), adopted_(false) {}

Listener::Listener(int bound_fd, Application& application)
    : application_(application), fd_(withoutDelay(adopt(bound_fd))), adopted_(true) {}

FileDescriptor Listener::reserve(const std::string& address) { return bound(address); }

void Listener::requireLocal(const std::string& address) { bound(address, Port::Any); }

Listener::~Listener() {
  if (!adopted_) {
    ::close(fd_);
  }
}

std::uint16_t Listener::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw systemError("cannot read a listener's address", errno);
  }
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void Listener::close() noexcept {
  // The number stays taken until the destructor: a loop may be about to accept on it.
  if (!adopted_) {
    shutdown(fd_, SHUT_RDWR);
  }
}

}  // namespace reeld::http::engine
