// What the service manager hears, on a datagram socket of our own in its place.
#include "app/service/notify.h"

#include "catch.h"
#include "fixtures.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

using namespace reeld;
using namespace reeld::app;
using namespace std::chrono_literals;

namespace {

class Manager {
 public:
  Manager() : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, folder_.file("notify").c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Manager() { ::close(fd_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;
  /// The next message; "" if none waits.
  std::string heard() const {
    std::array<char, 4096> bytes{};
    const auto got = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return got < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(got));
  }

 private:
  Folder folder_;
  int fd_;
  Variable socket_{"NOTIFY_SOCKET", folder_.file("notify")};
};

}  // namespace

TEST_CASE("every state of the daemon is told in the form sd_notify wants") {
  const Manager manager;
  HandClock clock;
  const service::Notify notify(clock);
  notify.ready("serving\nREADY=0");
  CHECK(manager.heard() == "READY=1\nSTATUS=serving READY=0");
  notify.status("migrating");
  CHECK(manager.heard() == "STATUS=migrating");
  notify.extendTimeout(30s);
  CHECK(manager.heard() == "EXTEND_TIMEOUT_USEC=30000000");
  notify.reloading();
  CHECK(manager.heard() == "RELOADING=1\nMONOTONIC_USEC=1000000000");
  notify.stopping("draining");
  CHECK(manager.heard() == "STOPPING=1\nSTATUS=draining");
}

TEST_CASE("without a service manager nothing happens") {
  HandClock clock;
  service::Notify(clock).ready("serving");
  const Log log;
  CHECK_FALSE(service::Watchdog(clock, log).enabled());
}

TEST_CASE("the watchdog is answered at half its interval, as long as every part moves") {
  const Manager manager;
  HandClock clock;
  const MemoryLog lines;
  service::Watchdog watchdog(clock, lines.log, 10s);
  std::uint64_t loops = 0;
  std::uint64_t scheduler = 0;
  watchdog.watch("loops", [&] { return loops; });
  watchdog.watch("scheduler", [&] { return scheduler; });

  watchdog.beat();
  CHECK(manager.heard() == "WATCHDOG=1");
  CHECK(watchdog.untilNextBeat() == 5s);
  clock.ms += 4999;
  ++loops, ++scheduler;
  watchdog.beat();
  CHECK(manager.heard().empty());
  clock.ms += 1;
  watchdog.beat();
  CHECK(manager.heard() == "WATCHDOG=1");

  clock.ms += 5000;
  ++loops;
  watchdog.beat();
  CHECK(manager.heard().empty());
  CHECK_THAT(lines.text(), ContainsSubstring("part=scheduler"));

  clock.ms += 5000;
  ++loops, ++scheduler;
  watchdog.beat();
  CHECK(manager.heard() == "WATCHDOG=1");
}

TEST_CASE("a watchdog for another process is not ours") {
  HandClock clock;
  const Log log;
  const Variable interval("WATCHDOG_USEC", "10000000");
  {
    const Variable other("WATCHDOG_PID", "1");
    CHECK_FALSE(service::Watchdog(clock, log).enabled());
  }
  const Variable mine("WATCHDOG_PID", std::to_string(::getpid()));
  CHECK(service::Watchdog(clock, log).enabled());
}
