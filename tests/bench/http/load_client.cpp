// An epoll load client in one thread: N connections that ask for one path over and over and throw
// the bodies away in the kernel (MSG_TRUNC), so that it costs little beside the server. With `hold`
// each connection asks once and then stays open until standard input ends. A rate is requests a
// second over all connections, evenly; without one each asks again as soon as it is answered.
// usage: http-load HOST PORT PATH CONNECTIONS SECONDS|hold [--header "NAME: VALUE"] [--rate N]
// [--status N] [--from ADDRESS] prints {"requests":…,"bytes":…,"failed":…}
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Totals {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;  ///< of bodies
  std::uint64_t failed = 0;
};

struct Connection {
  int fd = -1;
  bool in_body = false;
  bool answered = false;  ///< at least once
  bool idle = false;      ///< answered, and not asked again
  std::uint64_t left = 0;
  std::string head;
};

class Load {
 public:
  /// `again`: each connection asks again by itself.
  Load(const sockaddr_in& server, const sockaddr_in& from, std::string request, std::string status,
       std::size_t connections, bool again)
      : server_(server),
        from_(from),
        request_(std::move(request)),
        expected_("HTTP/1.1 " + status),
        again_(again),
        connections_(connections) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
  }

  void open() {
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      connect(connections_[i], i);
      // A burst of thousands would measure the listen queue.
      if (i % 256 == 255) {
        turn(0);
      }
    }
  }
  void turn(int timeout_ms) {
    std::array<epoll_event, 256> events;
    const int count =
        epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      receive(connections_[events[static_cast<std::size_t>(i)].data.u64]);
    }
  }
  /// Asks on up to `count` connections that have nothing to wait for; how many there were.
  std::size_t askIdle(std::size_t count) {
    std::size_t asked = 0;
    for (Connection& connection : connections_) {
      if (asked < count && connection.idle && connection.fd >= 0) {
        connection.idle = false;
        ask(connection);
        ++asked;
      }
    }
    return asked;
  }
  bool allAnswered() const { return held_ + totals_.failed >= connections_.size(); }
  const Totals& totals() const { return totals_; }

 private:
  void connect(Connection& connection, std::size_t index) {
    connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(connection.fd, reinterpret_cast<const sockaddr*>(&from_), sizeof from_) != 0) {
      fail(connection, "bind");
      return;
    }
    if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&server_), sizeof server_) !=
        0) {
      fail(connection, "connect");
      return;
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
    ask(connection);
  }
  void ask(Connection& connection) {
    if (send(connection.fd, request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size())) {
      fail(connection, "send");
    }
  }
  void fail(Connection& connection, const char* what) {
    if (totals_.failed++ == 0) {
      std::fprintf(stderr, "http-load: %s: %s\n", what, std::strerror(errno));
    }
    close(connection.fd);
    connection.fd = -1;
  }
  void receive(Connection& connection) {
    if (connection.fd < 0) {
      return;
    }
    if (!connection.in_body) {
      std::array<char, 4096> buffer;
      const ssize_t got = recv(connection.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
          fail(connection, "the server closed");
        }
        return;
      }
      connection.head.append(buffer.data(), static_cast<std::size_t>(got));
      takeHead(connection);
    }
    while (connection.fd >= 0 && connection.in_body && connection.left > 0) {
      const std::size_t want =
          connection.left < (1U << 20) ? static_cast<std::size_t>(connection.left) : 1U << 20;
      const ssize_t got = recv(connection.fd, nullptr, want, MSG_TRUNC | MSG_DONTWAIT);
      if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
          fail(connection, "the server closed in a body");
        }
        return;
      }
      connection.left -= static_cast<std::uint64_t>(got);
    }
    if (connection.fd >= 0 && connection.in_body && connection.left == 0) {
      answered(connection);
    }
  }
  void takeHead(Connection& connection) {
    const auto end = connection.head.find("\r\n\r\n");
    if (end == std::string::npos) {
      return;
    }
    const auto field = connection.head.find("Content-Length: ");
    if (!connection.head.starts_with(expected_) || field == std::string::npos) {
      errno = EPROTO;
      std::fprintf(stderr, "%s\n", connection.head.substr(0, end).c_str());
      fail(connection, "the answer is no such status with a length");
      return;
    }
    connection.left = std::strtoull(connection.head.c_str() + field + 16, nullptr, 10);
    totals_.bytes += connection.left;
    connection.left -= connection.head.size() - end - 4;
    connection.head.clear();
    connection.in_body = true;
  }
  void answered(Connection& connection) {
    ++totals_.requests;
    held_ += connection.answered ? 0 : 1;
    connection.answered = true;
    connection.in_body = false;
    connection.idle = !again_;
    if (again_) {
      ask(connection);
    }
  }

  const sockaddr_in server_;
  const sockaddr_in from_;
  const std::string request_;
  const std::string expected_;  ///< how the head of an answer begins
  const bool again_;
  std::vector<Connection> connections_;
  int epoll_ = -1;
  std::size_t held_ = 0;
  Totals totals_;
};

void raiseDescriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void print(const Totals& totals) {
  std::printf("{\"requests\":%llu,\"bytes\":%llu,\"failed\":%llu}\n",
              static_cast<unsigned long long>(totals.requests),
              static_cast<unsigned long long>(totals.bytes),
              static_cast<unsigned long long>(totals.failed));
  std::fflush(stdout);
}

struct Options {
  sockaddr_in server{};
  sockaddr_in from{};  ///< whom the server sees
  std::string request;
  std::size_t connections = 0;
  double seconds = 0;
  bool hold = false;
  std::string status = "200";  ///< of every answer
  double rate = 0;             ///< requests a second; 0 = as many as are answered
};

Options read(int argc, char** argv) {
  if (argc < 6 || argc % 2 != 0) {
    std::fprintf(stderr,
                 "usage: http-load HOST PORT PATH CONNECTIONS SECONDS|hold [--header "
                 "\"NAME: VALUE\"] [--rate N] [--status N] [--from ADDRESS]\n");
    std::exit(2);
  }
  Options options;
  options.server.sin_family = AF_INET;
  options.server.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
  inet_pton(AF_INET, argv[1], &options.server.sin_addr);
  options.from.sin_family = AF_INET;
  options.connections = static_cast<std::size_t>(std::atoi(argv[4]));
  options.hold = std::string_view(argv[5]) == "hold";
  options.seconds = std::atof(argv[5]);
  options.request = std::string("GET ") + argv[3] + " HTTP/1.1\r\nHost: " + argv[1] + "\r\n";
  for (int i = 6; i < argc; i += 2) {
    if (std::string_view(argv[i]) == "--rate") {
      options.rate = std::atof(argv[i + 1]);
    } else if (std::string_view(argv[i]) == "--status") {
      options.status = argv[i + 1];
    } else if (std::string_view(argv[i]) == "--from") {
      inet_pton(AF_INET, argv[i + 1], &options.from.sin_addr);
    } else {
      options.request += std::string(argv[i + 1]) + "\r\n";
    }
  }
  options.request += "\r\n";
  return options;
}

void runFor(Load& load, const Options& options) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  std::uint64_t asked = 0;
  for (double passed = 0; passed < options.seconds;
       passed = std::chrono::duration<double>(Clock::now() - start).count()) {
    load.turn(options.rate > 0 ? 1 : 100);
    const auto due = static_cast<std::uint64_t>(passed * options.rate);
    if (due > asked) {
      asked += load.askIdle(static_cast<std::size_t>(due - asked));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read(argc, argv);
  raiseDescriptorLimit();
  Load load(options.server, options.from, options.request, options.status, options.connections,
            !options.hold && options.rate == 0);
  load.open();
  if (options.hold) {
    while (!load.allAnswered()) {
      load.turn(100);
    }
    print(load.totals());
    char byte = 0;
    while (::read(0, &byte, 1) > 0) {
    }
  } else {
    runFor(load, options);
    print(load.totals());
  }
  return load.totals().failed == 0 ? 0 : 1;
}
