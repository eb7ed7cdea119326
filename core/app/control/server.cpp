#include "app/control/server.h"

#include "app/control/socket_path.h"
#include "base/suggestion.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace reeld::app::control {

namespace {

/// A lock next to the socket tells a living daemon from a socket file that was left behind.
FileDescriptor takeLock(const std::string& path) {
  const std::string name = path + ".lock";
  FileDescriptor lock(open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!lock) {
    throw systemError("cannot open " + name, errno);
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Error(ErrorCode::Conflict, "another reeld uses the control socket " + path +
                                         " (stop it, or give this one a data_dir of its own)");
  }
  return lock;
}

class LiveRequest final : public Request {
 public:
  LiveRequest(Wire& wire, Json args, FileDescriptor file, const std::atomic<bool>& stopping)
      : wire_(wire), args_(std::move(args)), file_(std::move(file)), stopping_(stopping) {}

  const Json& args() const override { return args_; }
  int file() const override { return file_.get(); }
  void progress(const Json& what) override {
    check();
    try {
      wire_.write(Json::Object{{"progress", what}});
    } catch (const Error& error) {
      throw Error(ErrorCode::Cancelled, error.what());
    }
  }
  void pause(std::chrono::milliseconds time) override {
    check();
    // An end of file, or the shutdown by stop(), makes the socket readable before the time is up.
    pollfd peer{.fd = wire_.fd(), .events = POLLIN | POLLRDHUP, .revents = 0};
    poll(&peer, 1, static_cast<int>(time.count()));
    check();
  }

 private:
  void check() const {
    if (stopping_) {
      throw Error(ErrorCode::Cancelled, "the daemon stops");
    }
    if (wire_.peerGone()) {
      throw Error(ErrorCode::Cancelled, "the client has gone");
    }
  }

  Wire& wire_;
  Json args_;
  FileDescriptor file_;
  const std::atomic<bool>& stopping_;
};

std::vector<gid_t> groupsOf(int fd, gid_t first) {
  std::vector<gid_t> groups(256);
  auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) {
    size = 0;
  }
  groups.resize(size / sizeof(gid_t));
  groups.push_back(first);
  return groups;
}

}  // namespace

Owner Server::thisProcess() { return {geteuid(), getegid()}; }

Server::Server(std::string path, Commands commands, const Log& log, Owner owner)
    : path_(std::move(path)),
      commands_(std::move(commands)),
      log_(log),
      owner_(owner),
      lock_(takeLock(path_)),
      wake_(eventfd(0, EFD_CLOEXEC)) {
  constexpr int Backlog = 16;
  unlink(path_.c_str());  // left behind: the lock is ours
  socket_ = bindSocket(path_);
  if (chmod(path_.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0 ||
      listen(socket_.get(), Backlog) != 0 || !wake_) {
    throw systemError("cannot listen at " + path_, errno);
  }
  acceptor_ = std::thread([this] { accept(); });
}

Server::~Server() { stop(); }

void Server::stop() {
  // Who comes second waits for the first: afterwards this may be destroyed.
  std::call_once(stop_, [this] {
    stopping_ = true;
    eventfd_write(wake_.get(), 1);
    acceptor_.join();
    endConnections();
    unlink(path_.c_str());
  });
}

void Server::endConnections() {
  // Threads take no lock once they are done, so they can be joined outside of it.
  connections_.with([](std::list<Connection>& connections) {
    for (auto& connection : connections) {
      shutdown(connection.fd, SHUT_RD);
    }
  });
  std::list<Connection> ended;
  connections_.with([&](std::list<Connection>& connections) { ended.swap(connections); });
  for (auto& connection : ended) {
    connection.thread.join();
    close(connection.fd);
  }
}

void Server::reap(std::list<Connection>& connections) {
  for (auto connection = connections.begin(); connection != connections.end();) {
    if (connection->done) {
      connection->thread.join();
      close(connection->fd);
      connection = connections.erase(connection);
    } else {
      ++connection;
    }
  }
}

void Server::accept() {
  while (!stopping_) {
    std::array<pollfd, 2> fds = {{{.fd = socket_.get(), .events = POLLIN, .revents = 0},
                                  {.fd = wake_.get(), .events = POLLIN, .revents = 0}}};
    if (poll(fds.data(), fds.size(), -1) <= 0 || fds[1].revents != 0) {
      continue;
    }
    FileDescriptor socket(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket) {
      admit(std::move(socket));
    } else if (errno == EMFILE || errno == ENFILE) {
      poll(&fds[1], 1, 100);  // the client waits in the queue; do not spin meanwhile
    }
  }
}

void Server::admit(FileDescriptor socket) {
  constexpr timeval Idle{.tv_sec = 60, .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &Idle, sizeof Idle);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &Idle, sizeof Idle);
  connections_.with([&](std::list<Connection>& connections) {
    reap(connections);
    if (connections.size() >= MostConnections) {
      Wire wire(std::move(socket));
      try {
        wire.write(toJson(Error(ErrorCode::Exhausted, "too many reeldctl at once; try again")));
      } catch (const Error&) {
        // it has gone already
      }
      return;
    }
    Connection& connection = connections.emplace_back();
    connection.fd = socket.release();
    connection.thread = std::thread([this, &connection] {
      // The descriptor stays open until the thread is joined, so that stop() never shuts a
      // stranger's.
      Wire wire{FileDescriptor(dup(connection.fd))};
      serve(wire);
      shutdown(connection.fd, SHUT_RDWR);
      connection.done = true;
    });
  });
}

std::string Server::refusal(int fd) const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return "cannot tell who you are";
  }
  if (peer.uid == 0 || peer.uid == owner_.user) {
    return "";
  }
  const auto groups = groupsOf(fd, peer.gid);
  if (std::find(groups.begin(), groups.end(), owner_.group) != groups.end()) {
    return "";
  }
  return "uid " + std::to_string(peer.uid) + " may not control this daemon: only root, uid " +
         std::to_string(owner_.user) + " and members of gid " + std::to_string(owner_.group) +
         " may";
}

void Server::serve(Wire& wire) {
  try {
    if (const std::string why = refusal(wire.fd()); !why.empty()) {
      log_.warning("control socket refused a client", {{"why", why}});
      wire.write(toJson(Error(ErrorCode::Denied, why)));
      return;
    }
    while (auto line = stopping_ ? std::nullopt : wire.read()) {
      answer(wire, std::move(*line));
    }
  } catch (const Error& error) {
    log_.debug("control connection ended", {{"why", error.what()}});
  }
}

void Server::answer(Wire& wire, Wire::Line line) {
  try {
    Json request = Json::parse(line.text);
    const Json* name = request.find("command");
    if (name == nullptr || !name->isString()) {
      throw Error(ErrorCode::Invalid, "a request is {\"command\": NAME, \"args\": {...}}");
    }
    const Json* args = request.find("args");
    if (args != nullptr && !args->isObject()) {
      throw Error(ErrorCode::Invalid, "args must be an object");
    }
    const auto command = std::find_if(commands_.begin(), commands_.end(),
                                      [&](const Command& one) { return one.name == name->text(); });
    if (command == commands_.end()) {
      std::vector<std::string> names;
      for (const auto& one : commands_) {
        names.push_back(one.name);
      }
      throw Error(ErrorCode::NotFound, "this daemon knows no command \"" + name->text() + "\"" +
                                           didYouMean(name->text(), names));
    }
    log_.info("control command", {{"command", command->name}});
    LiveRequest live(wire, args == nullptr ? Json(Json::Object()) : *args, std::move(line.file),
                     stopping_);
    wire.write(Json::Object{{"result", command->run(live)}});
  } catch (const Error& error) {
    wire.write(toJson(error));
  } catch (const std::exception& error) {
    // A fault of ours must not take the daemon down because somebody looked at it.
    log_.error("a control command failed", {{"error", error.what()}});
    wire.write(toJson(Error(ErrorCode::Internal, error.what())));
  }
}

}  // namespace reeld::app::control
