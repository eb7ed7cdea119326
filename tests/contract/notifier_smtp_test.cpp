// The mail server's side played by a socket: silent, closing, or answering one line. What a real
// server says is in the service tests.
#include "notifier_held.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <fstream>
#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

/// Accepts, says its line if it has one, and then nothing more until it ends.
class Server {
 public:
  explicit Server(std::string line = {}) : line_(std::move(line)) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(fd_, 8) == 0);
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
    for (const int client : clients_) {
      ::close(client);
    }
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string config(const std::string& more = "") const {
    return R"({"host":"127.0.0.1","tls":"none","port":)" + std::to_string(port) + more + "}";
  }
  int port = 0;
  std::atomic<int> accepted{0};

 private:
  void serve() {
    for (;;) {
      const int client = ::accept(fd_, nullptr, nullptr);
      if (client < 0) {
        return;
      }
      ++accepted;
      if (!line_.empty()) {
        static_cast<void>(::send(client, line_.data(), line_.size(), MSG_NOSIGNAL));
      }
      clients_.push_back(client);
    }
  }
  std::string line_;
  int fd_ = -1;
  std::vector<int> clients_;
  std::jthread thread_;
};

constexpr const char* Smtp = "notifier-smtp";

}  // namespace

TEST_CASE("a port where nobody listens is worth another try") {
  int port = 0;
  { port = Server().port; }
  NotifierHeld held(Smtp,
                    R"({"host":"127.0.0.1","tls":"none","port":)" + std::to_string(port) + "}");
  CHECK(held.send({}) == REELD_UNAVAILABLE);
  CHECK_THAT(held.said, ContainsSubstring("127.0.0.1:" + std::to_string(port)));
}

TEST_CASE("a silent server is left before the deadline") {
  const Server server;
  NotifierHeld held(Smtp, server.config());
  const auto began = monotonicMs();
  CHECK(held.send({}, 2000) == REELD_TIMEOUT);
  const auto took = monotonicMs() - began;
  CHECK(took < 2000);
  CHECK(took > 1000);
  CHECK_THAT(held.said, ContainsSubstring("takes too long"));
}

TEST_CASE("a server that says one line and then nothing is left as well, by the configured time") {
  const Server server("220 hello\r\n");
  NotifierHeld held(Smtp, server.config(R"(,"timeout_seconds":1)"));
  const auto began = monotonicMs();
  CHECK(held.send({}, 30'000) == REELD_TIMEOUT);
  CHECK(monotonicMs() - began < 3000);
  CHECK_THAT(held.said, ContainsSubstring("takes too long (no answer to EHLO)"));
}

TEST_CASE("a delivery that nobody waits for is broken off") {
  const Server server("220 hello\r\n");
  NotifierHeld held(Smtp, server.config());
  std::int32_t cancelled = 0;
  const auto began = monotonicMs();
  const std::jthread stop([&] {
    while (server.accepted == 0) {
      ::usleep(1000);
    }
    __atomic_store_n(&cancelled, 1, __ATOMIC_RELAXED);
  });
  CHECK(held.send({}, 30'000, &cancelled) == REELD_CANCELLED);
  CHECK(monotonicMs() - began < 5000);
}

TEST_CASE("no time left is a timeout at once") {
  const Server server;
  NotifierHeld held(Smtp, server.config());
  CHECK(held.send({}, 100) == REELD_TIMEOUT);
  CHECK(server.accepted == 0);
}

TEST_CASE("what a server says reaches an administrator as one printable line") {
  const Server server("554 go\x1b[31m \xff away\r\n");
  NotifierHeld held(Smtp, server.config());
  CHECK(held.send({}) == REELD_UNAVAILABLE);
  CHECK_THAT(held.said, ContainsSubstring("554 go?[31m ? away"));
}

TEST_CASE("no address can add a line to the dialogue") {
  const Server server("220 hello\r\n");
  NotifierHeld held(Smtp, server.config());
  for (const std::string bad : {"", "a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org\n",
                                "<a@example.org>", "a b@example.org", "a@example.org\x01"}) {
    CAPTURE(bad);
    HeldNotice notice;
    notice.to = bad;
    CHECK(held.send(notice) == REELD_INVALID);
    notice = {};
    notice.from = bad;
    CHECK(held.send(notice) == REELD_INVALID);
  }
  CHECK(server.accepted == 0);
}

TEST_CASE("an environment that names a proxy changes nothing") {
  const Server proxy;
  const Server server("554 no\r\n");
  ::setenv("ALL_PROXY", ("http://127.0.0.1:" + std::to_string(proxy.port)).c_str(), 1);
  NotifierHeld held(Smtp, server.config());
  CHECK(held.send({}) == REELD_UNAVAILABLE);
  ::unsetenv("ALL_PROXY");
  CHECK(server.accepted == 1);
  CHECK(proxy.accepted == 0);
}

TEST_CASE("a password file that was good at the start and is gone delays mail") {
  const Folder folder;
  const auto path = folder.path / "password";
  std::ofstream(path) << "secret\n";
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  const Server server("554 no\r\n");
  NotifierHeld held(Smtp,
                    server.config(R"(,"user":"u","password_file":")" + path.string() + R"(")"));
  REQUIRE(held.status == REELD_OK);
  std::filesystem::remove(path);
  CHECK(held.send({}) == REELD_UNAVAILABLE);
  CHECK_THAT(held.said, StartsWith("password_file: cannot open"));
  CHECK(server.accepted == 0);
}
