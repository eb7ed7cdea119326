// Signals as the main thread meets them: reload, dump, stop, and a second stop during the drain.
#include "app/service/supervisor.h"

#include "app/service/inherited_sockets.h"
#include "base/error.h"
#include "catch.h"
#include "fixtures.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <thread>

using namespace reeld;
using namespace reeld::app::service;
using namespace std::chrono_literals;

namespace {

/// Runs the body in a child process, for signals belong to a process; gives its exit status.
int inChild(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 99;
    try {
      status = body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

struct Main {
  Main() { blockSignals(); }
  reeld::app::HandClock clock;
  reeld::app::MemoryLog lines;
  Signals signals;
  Notify notify{clock};
  Watchdog watchdog{clock, lines.log, 0ms};
  int reloads = 0;
  int dumps = 0;
  Supervisor supervisor{
      signals, watchdog, notify, lines.log, {[this] { ++reloads; }, [this] { ++dumps; }}};
};

}  // namespace

TEST_CASE("HUP reloads, USR2 dumps, PIPE and USR1 do nothing, TERM stops") {
  CHECK(inChild([] {
          Main main;
          for (const int signal : {SIGHUP, SIGUSR2, SIGPIPE, SIGUSR1}) {
            ::kill(::getpid(), signal);
          }
          if (stopIsPending()) {
            return 1;
          }
          ::kill(::getpid(), SIGTERM);
          if (!stopIsPending()) {
            return 2;
          }
          main.supervisor.run();
          return main.reloads == 1 && main.dumps == 1 ? 0 : 3;
        }) == 0);
}

TEST_CASE("threads made later never get the signals of the main thread") {
  CHECK(inChild([] {
          Main main;
          std::atomic<bool> end{false};
          std::thread busy([&] {
            while (!end) {
              std::this_thread::yield();
            }
          });
          ::kill(::getpid(), SIGINT);
          main.supervisor.run();
          end = true;
          busy.join();
          return 0;
        }) == 0);
}

TEST_CASE("a drain ends when the parts have stopped") {
  CHECK(inChild([] {
          Main main;
          bool stopped = false;
          return main.supervisor.drain([&] { stopped = true; }, 60s) && stopped ? 0 : 1;
        }) == 0);
}

TEST_CASE("a second signal, or the end of the time, cuts a drain off") {
  CHECK(inChild([] {
          Main main;
          ::kill(::getpid(), SIGTERM);
          return main.supervisor.drain([] { ::pause(); }, 60s) ? 1 : 0;
        }) == 0);
  CHECK(inChild([] {
          Main main;
          return main.supervisor.drain([] { ::pause(); }, 1ms) ? 1 : 0;
        }) == 0);
}

TEST_CASE(
    "sockets of the service manager are taken by name, and only by the process they are for") {
  CHECK(inChild([] {
          const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
          ::listen(fd, 1);
          ::dup2(fd, 3);
          ::setenv("LISTEN_FDS", "1", 1);
          ::setenv("LISTEN_PID", "1", 1);
          if (InheritedSockets().take("http")) {
            return 1;
          }
          ::setenv("LISTEN_FDS", "1", 1);
          ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
          ::setenv("LISTEN_FDNAMES", "reeld.socket", 1);
          InheritedSockets sockets;
          if (::getenv("LISTEN_FDS") != nullptr) {
            return 2;  // children would take them for theirs
          }
          return sockets.take("http") == 3 && !sockets.take("http") && !sockets.take("admin") ? 0
                                                                                              : 3;
        }) == 0);
}

TEST_CASE("a socket that does not listen, or has a name nobody knows, is refused") {
  const auto given = [](bool listens, const char* count, const char* names) {
    return inChild([=] {
      for (const int place : {3, 4}) {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        if (listens) {
          ::listen(fd, 1);
        }
        ::dup2(fd, place);
      }
      ::setenv("LISTEN_FDS", count, 1);
      ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
      ::setenv("LISTEN_FDNAMES", names, 1);
      try {
        InheritedSockets();
        return 0;
      } catch (const Error& error) {
        return error.code() == ErrorCode::Invalid ? 1 : 2;
      }
    });
  };
  CHECK(given(true, "2", "http:admin") == 0);
  CHECK(given(false, "1", "http") == 1);
  CHECK(given(true, "2", "http:http") == 1);
  CHECK(given(true, "2", "http:metrics") == 1);
}
