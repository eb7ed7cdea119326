#include "hook_address.h"

#include "signature.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>

namespace payment_sandbox {

namespace {

constexpr int PatienceSeconds = 5;

class Socket {
 public:
  explicit Socket(const addrinfo& to)
      : fd_(::socket(to.ai_family, to.ai_socktype | SOCK_CLOEXEC, to.ai_protocol)) {
    const timeval patience{PatienceSeconds, 0};
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    is_connected_ = fd_ >= 0 && ::connect(fd_, to.ai_addr, to.ai_addrlen) == 0;
  }
  ~Socket() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool isConnected() const { return is_connected_; }
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Until it has a status line.
  std::string receive() const {
    std::string text;
    std::array<char, 512> piece{};
    while (text.find('\n') == std::string::npos) {
      const ssize_t got = ::recv(fd_, piece.data(), piece.size(), 0);
      if (got <= 0) {
        break;
      }
      text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int fd_;
  bool is_connected_ = false;
};

int statusIn(std::string_view answer) {
  constexpr std::string_view Version = "HTTP/1.1 ";
  int status = 0;
  if (answer.starts_with(Version)) {
    std::from_chars(answer.data() + Version.size(), answer.data() + answer.size(), status);
  }
  return status;
}

}  // namespace

std::optional<HookAddress> HookAddress::parse(std::string_view url) {
  constexpr std::string_view Scheme = "http://";
  if (!url.starts_with(Scheme)) {
    return std::nullopt;
  }
  url.remove_prefix(Scheme.size());
  const auto slash = url.find('/');
  const auto colon = url.substr(0, slash).rfind(':');
  if (slash == std::string_view::npos || colon == std::string_view::npos || colon == 0 ||
      colon + 1 == slash || url.find_first_of(" \r\n\t") != std::string_view::npos) {
    return std::nullopt;
  }
  return HookAddress{std::string(url.substr(0, colon)),
                     std::string(url.substr(colon + 1, slash - colon - 1)),
                     std::string(url.substr(slash))};
}

int HookAddress::post(std::string_view signature, std::string_view body) const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
    return 0;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  const Socket socket(*list);
  const std::string head = "POST " + path + " HTTP/1.1\r\nHost: " + host + ":" + port +
                           "\r\nContent-Type: application/json\r\nConnection: close\r\n" +
                           std::string(SignatureHeader) + ": " + std::string(signature) +
                           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  if (!socket.isConnected() || !socket.send(head) || !socket.send(body)) {
    return 0;
  }
  return statusIn(socket.receive());
}

}  // namespace payment_sandbox
