// The control socket: who may, what is answered, what bad clients get, and how it stops.
#include "app/control/client.h"
#include "app/control/server.h"
#include "app/control/socket_path.h"
#include "catch.h"
#include "fixtures.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <thread>

using namespace reeld;
using namespace reeld::app;
using namespace reeld::app::control;
using namespace std::chrono_literals;

namespace {

Commands commands() {
  return {
      {"echo", [](Request& request) { return request.args(); }},
      {"read file",
       [](Request& request) {
         std::string text(100, '\0');
         const auto got = ::pread(request.file(), text.data(), text.size(), 0);
         return Json(got < 0 ? "none" : text.substr(0, static_cast<std::size_t>(got)));
       }},
      {"count",
       [](Request& request) {
         for (std::int64_t i = 0; i < request.integer("to"); ++i) {
           request.progress(i);
         }
         return Json(request.text("end", "done"));
       }},
      {"wait",
       [](Request& request) {
         request.progress("waiting");
         for (;;) {
           request.pause(60s);
         }
         return Json();
       }},
      {"fail",
       [](Request&) -> Json { throw Error(ErrorCode::Conflict, "no").reason("last-admin"); }},
      {"break", [](Request&) -> Json { throw std::runtime_error("bug"); }},
  };
}

struct Daemon {
  Folder folder;
  MemoryLog lines;
  Server server{folder.file("ctl"), commands(), lines.log};
  Client client() const { return Client(server.path()); }
};

Error errorOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::Ok, ""};
}

std::string rawAnswer(const Daemon& daemon, const std::string& request) {
  FileDescriptor socket = connectSocket(daemon.server.path());
  REQUIRE(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size()));
  Wire wire(std::move(socket));
  const auto line = wire.read();
  return line ? line->text : "";
}

}  // namespace

TEST_CASE("a command is answered, several on one connection") {
  const Daemon daemon;
  Client client = daemon.client();
  CHECK(client.call("echo", Json::Object{{"a", 1}}).dump() == R"({"a":1})");
  std::string steps;
  const Json end = client.call("count", Json::Object{{"to", 3}}, -1,
                               [&](const Json& step) { steps += step.dump(); });
  CHECK(steps == "012");
  CHECK(end.text() == "done");
}

TEST_CASE("a file travels beside its request") {
  const Daemon daemon;
  daemon.folder.write("a", "content");
  const int fd = ::open(daemon.folder.file("a").c_str(), O_RDONLY | O_CLOEXEC);
  CHECK(daemon.client().call("read file", Json::Object(), fd).text() == "content");
  CHECK(daemon.client().call("read file", Json::Object()).text() == "none");
  ::close(fd);
}

TEST_CASE("errors keep their code, words and reason") {
  const Daemon daemon;
  Client client = daemon.client();
  const Error conflict = errorOf([&] { client.call("fail", Json::Object()); });
  CHECK(conflict.code() == ErrorCode::Conflict);
  CHECK(conflict.what() == std::string("no"));
  CHECK(conflict.reason() == "last-admin");
  CHECK(errorOf([&] { client.call("break", Json::Object()); }).code() == ErrorCode::Internal);
  const Error unknown = errorOf([&] { client.call("coutn", Json::Object()); });
  CHECK(unknown.what() ==
        std::string("this daemon knows no command \"coutn\" (did you mean \"count\"?)"));
  CHECK(errorOf([&] {
          client.call("count", Json::Object{{"to", "x"}});
        }).what() == std::string("to must be a whole number"));
  CHECK(errorOf([&] { client.call("count", Json::Object()); }).what() ==
        std::string("to is required"));
}

TEST_CASE("what is no request is refused in words") {
  const Daemon daemon;
  CHECK_THAT(rawAnswer(daemon, "GET / HTTP/1.1\n"), ContainsSubstring("not valid JSON"));
  CHECK_THAT(rawAnswer(daemon, "[]\n"), ContainsSubstring("a request is"));
  CHECK_THAT(rawAnswer(daemon, "{\"command\":\"echo\",\"args\":3}\n"),
             ContainsSubstring("args must be an object"));
  CHECK(daemon.client().call("echo", Json::Object()).dump() == "{}");
}

TEST_CASE("a line without end is cut off, and the daemon lives on") {
  const Daemon daemon;
  FileDescriptor socket = connectSocket(daemon.server.path());
  const std::string piece(64 * 1024, 'x');
  ssize_t sent = 0;
  for (int i = 0; i < 64 && sent >= 0; ++i) {
    sent = ::send(socket.get(), piece.data(), piece.size(), MSG_NOSIGNAL);
  }
  CHECK(sent < 0);
  CHECK(daemon.client().call("echo", Json::Object()).dump() == "{}");
}

TEST_CASE("a client of another user is refused, with a sentence") {
  Folder folder;
  const MemoryLog lines;
  // The test may run as root, who always may: then the peer is made another user by a child.
  const Server server(folder.file("ctl"), commands(), lines.log,
                      {.user = ::geteuid() + 1, .group = 54321});
  if (::geteuid() != 0) {
    const Error error = errorOf([&] { Client(server.path()).call("echo", Json::Object()); });
    CHECK(error.code() == ErrorCode::Denied);
    CHECK_THAT(error.what(), ContainsSubstring("may not control this daemon"));
    return;
  }
  ::chmod(folder.path().c_str(), 0755);
  ::chmod(server.path().c_str(), 0666);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0) {
      ::_exit(3);
    }
    const Error error = errorOf([&] { Client(server.path()).call("echo", Json::Object()); });
    ::_exit(error.code() == ErrorCode::Denied ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK_THAT(lines.text(), ContainsSubstring("uid 65534 may not control this daemon"));
}

TEST_CASE("more clients than threads are told to try again") {
  const Daemon daemon;
  std::vector<Client> clients;
  for (std::size_t i = 0; i < Server::MostConnections; ++i) {
    clients.push_back(daemon.client());
    clients.back().call("echo", Json::Object());
  }
  Client one_more = daemon.client();
  CHECK(errorOf([&] { one_more.call("echo", Json::Object()); }).code() != ErrorCode::Ok);
  clients.clear();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  ErrorCode code = ErrorCode::Exhausted;
  while (code != ErrorCode::Ok && std::chrono::steady_clock::now() < deadline) {
    code = errorOf([&] { daemon.client().call("echo", Json::Object()); }).code();
  }
  CHECK(code == ErrorCode::Ok);
}

TEST_CASE("stopping ends clients that wait, and takes the socket away") {
  Daemon daemon;
  Client client = daemon.client();
  Error seen(ErrorCode::Ok, "");
  seen = errorOf([&] {
    client.call("wait", Json::Object(), -1,
                [&](const Json&) { std::thread([&] { daemon.server.stop(); }).detach(); });
  });
  CHECK(seen.code() == ErrorCode::Cancelled);
  // The thread of that answer may be at it still; who comes second returns when it is done.
  daemon.server.stop();
  CHECK_FALSE(std::filesystem::exists(daemon.server.path()));
  const Error gone = errorOf([&] { daemon.client(); });
  CHECK(gone.code() == ErrorCode::Unavailable);
  CHECK_THAT(gone.what(), ContainsSubstring("no reeld listens at"));
}

TEST_CASE("a socket left behind is replaced, a living daemon is not") {
  Folder folder;
  const MemoryLog lines;
  { const FileDescriptor left = bindSocket(folder.file("ctl")); }
  REQUIRE(std::filesystem::exists(folder.file("ctl")));
  const Server server(folder.file("ctl"), commands(), lines.log);
  CHECK(errorOf([&] { Server(folder.file("ctl"), commands(), lines.log); }).code() ==
        ErrorCode::Conflict);
  CHECK(Client(server.path()).call("echo", Json::Object()).dump() == "{}");
}

TEST_CASE("the socket lies in the runtime folder under systemd, else in the data folder") {
  CHECK(socketPath("/d") == "/d/reeldctl.sock");
  const Variable runtime("RUNTIME_DIRECTORY", "/run/reeld:/run/other");
  CHECK(socketPath("/d") == "/run/reeld/reeldctl.sock");
  CHECK(errorOf([] { connectSocket("/" + std::string(200, 'x')); }).code() == ErrorCode::Invalid);
}
