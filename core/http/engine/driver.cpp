#include "http/engine/driver.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>

namespace reeld::http::engine {

template <class First>
void Driver::advance(Connection& connection, First&& first) {
  rest_ = {};
  requests_ = 0;
  if (!connection.kept.empty()) {
    carry_.assign(connection.kept);
    rest_ = carry_;
    connection.kept = std::string();
  }
  bool going = first();
  while (going && connection.state != State::Free) {
    going = step(connection);
  }
  if (connection.state != State::Free && !rest_.empty()) {
    connection.kept.assign(rest_);
  }
}

bool Driver::step(Connection& connection) {
  switch (connection.state) {
    case State::Idle:
    case State::Head:
      return readHead(connection);
    case State::Body:
      return collect(connection);
    case State::Receive:
      return receive(connection);
    case State::Send:
      return send(connection);
    case State::Linger:
      return linger(connection);
    case State::Waiting:
    case State::Free:
      return false;
  }
  return false;
}

bool Driver::move(Connection& connection, State to) {
  assert(mayMove(connection.state, to));
  connection.state = to;
  return true;
}

void Driver::opened(Connection& connection, const Refusal* refused) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = (std::uint64_t{connection.generation} << 32) | connection.slot;
  if (epoll_ctl(state_.epoll_fd, EPOLL_CTL_ADD, connection.fd, &event) != 0) {
    move(connection, State::Idle);
    close(connection);
    return;
  }
  if (refused != nullptr) {
    advance(connection, [&] { return refuse(connection, *refused); });
    return;
  }
  move(connection, State::Idle);
  state_.deadlines.arm(connection, Deadline::Idle, state_.now_ms);
}

void Driver::event(Connection& connection, std::uint32_t epoll_events) {
  if ((epoll_events & (EPOLLERR | EPOLLHUP)) != 0) {
    close(connection);
    return;
  }
  if ((epoll_events & EPOLLRDHUP) != 0) {
    connection.peer_closed = true;
  }
  if ((epoll_events & (EPOLLIN | EPOLLRDHUP)) != 0) {
    connection.readable = true;
  }
  if (connection.state != State::Waiting) {
    advance(connection, [] { return true; });
  }
}

void Driver::resume(Connection& connection) {
  connection.queued = false;
  if (connection.state != State::Waiting) {
    advance(connection, [] { return true; });
  }
}

void Driver::expired(Connection& connection) {
  const auto enough = static_cast<std::uint64_t>(state_.shared.options.body_window.count()) *
                      state_.shared.options.body_min_rate / 1000;
  switch (connection.state) {
    case State::Body:
    case State::Receive:
      if (connection.received >= enough) {
        connection.received = 0;
        state_.deadlines.arm(connection, Deadline::Body, state_.now_ms);
        return;
      }
      state_.counters.timeouts.add(1);
      advance(connection, [&] {
        return connection.state == State::Body ? refuse(connection, refusal::BodyTimeout)
                                               : abandon(connection, refusal::BodyTimeout);
      });
      return;
    case State::Head:
      state_.counters.timeouts.add(1);
      advance(connection, [&] { return refuse(connection, refusal::HeadTimeout); });
      return;
    case State::Send:
      state_.counters.timeouts.add(1);
      close(connection);
      return;
    case State::Idle:
    case State::Linger:
    case State::Waiting:
    case State::Free:
      close(connection);
      return;
  }
}

void Driver::returned(Job&& job) {
  --state_.away;
  Connection* connection = state_.find(job.connection);
  job.call->upload_open =
      (job.kind == JobKind::OpenUpload || job.kind == JobKind::WritePiece) && job.ok;
  if (connection != nullptr) {
    connection->call = std::move(job.call);
    advance(*connection, [&] { return handle(*connection, job); });
  } else if (job.call->upload_open) {
    dropUpload(std::move(job.call));
  } else {
    Application& application = *job.call->application;
    retire(application, std::move(job.call), Outcome::Broken);
  }
}

void Driver::drain() {
  state_.draining = true;
  for (auto& connection : state_.slots) {
    if (connection.state == State::Idle) {
      // One more read: a request that is already here is answered. One that was let in a moment ago
      // and has not asked yet is waited for, but not as long as an idle one.
      connection.readable = true;
      if (!connection.asked) {
        state_.deadlines.arm(connection, Deadline::Linger, state_.now_ms);
      }
      advance(connection, [] { return true; });
    }
  }
}

void Driver::close(Connection& connection) {
  if (connection.state == State::Free) {
    return;
  }
  state_.deadlines.arm(connection, Deadline::None, state_.now_ms);
  if (connection.open_ended) {
    // Closed in order, what was sent so far would pass for all of it: it is reset instead.
    const struct linger at_once { 1, 0 };
    setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  ::close(connection.fd);
  connection.fd = -1;
  if (connection.counted) {
    state_.shared.addresses.leave(connection.peer);
  }
  state_.shared.connections.fetch_sub(1, std::memory_order_relaxed);
  state_.counters.open.subtract(1);
  std::unique_ptr<Call> call = std::move(connection.call);
  const std::uint32_t slot = connection.slot;
  const std::uint32_t generation = connection.generation + 1;
  connection = Connection();
  connection.slot = slot;
  connection.generation = generation;
  state_.free_slots.push_back(slot);
  if (call && call->upload_open) {
    dropUpload(std::move(call));
  } else if (call) {
    Application& application = *call->application;
    retire(application, std::move(call), Outcome::Broken);
  }
}

}  // namespace reeld::http::engine
