#include "http/engine/acceptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace reeld::http::engine {

namespace {
/// Connections taken per turn; the other loops get the rest.
constexpr int PerTurn = 8;
/// Beyond max_connections so many more are taken, to be told that there are too many.
constexpr std::size_t ToBeRefused = 128;

int openReserve() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }
}  // namespace

Acceptor::Acceptor(LoopState& state, Driver& driver)
    : reserve_fd_(openReserve()), state_(state), driver_(driver) {}

Acceptor::~Acceptor() { close(reserve_fd_); }

void Acceptor::accept(Listener& listener) {
  for (int i = 0; i < PerTurn; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd = accept4(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      admit(listener, fd, Address::of(address));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      if (!shed(listener)) {
        return;
      }
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void Acceptor::admit(Listener& listener, int fd, const Address& peer) {
  Shared& shared = state_.shared;
  const Refusal* refused = nullptr;
  const std::size_t others = shared.connections.fetch_add(1, std::memory_order_relaxed);
  state_.counters.accepted.add(1);
  if (others >= shared.max_connections + ToBeRefused) {
    shared.connections.fetch_sub(1, std::memory_order_relaxed);
    state_.counters.overloaded.add(1);
    close(fd);
    return;
  }
  bool counted = false;
  if (others >= shared.max_connections) {
    state_.counters.overloaded.add(1);
    refused = &refusal::Overload;
  } else if (!peer.isLoopback() && listener.application().isCapped(peer)) {
    counted = shared.addresses.enter(peer);
    if (!counted) {
      state_.counters.capped.add(1);
      refused = &refusal::AddressCap;
    }
  }
  Connection& connection = state_.newSlot();
  connection.fd = fd;
  connection.listener = &listener;
  connection.peer = peer;
  connection.counted = counted;
  state_.counters.open.add(1);
  driver_.opened(connection, refused);
}

bool Acceptor::shed(Listener& listener) {
  // accept() reports a lack of descriptors before it looks whether anybody waits.
  pollfd waiting{listener.fd(), POLLIN, 0};
  if (poll(&waiting, 1, 0) <= 0) {
    return false;
  }
  if (auto* oldest = static_cast<Connection*>(state_.deadlines.oldest(Deadline::Idle))) {
    driver_.close(*oldest);
    return true;
  }
  if (reserve_fd_ < 0) {
    reserve_fd_ = openReserve();
    return false;
  }
  close(reserve_fd_);
  const int fd = accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    constexpr std::string_view Answer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Type: application/json\r\n"
        "Content-Length: 34\r\nConnection: close\r\n\r\n{\"detail\":\"too many connections\"}\n";
    [[maybe_unused]] const auto sent =
        send(fd, Answer.data(), Answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(fd, SHUT_WR);
    close(fd);
    state_.counters.no_fd.add(1);
  }
  reserve_fd_ = openReserve();
  return fd >= 0;
}

}  // namespace reeld::http::engine
