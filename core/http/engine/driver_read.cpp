// The reading half of the driver: heads, small bodies, uploads, and what is dropped while
// lingering.
#include "http/engine/driver.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace reeld::http::engine {

namespace {
/// A slow upload is written in pieces of at least this size, so that it need not fill a whole one.
constexpr std::size_t SmallestPiece = 64 * 1024;
/// Pipelined requests of one connection before the next connection has its turn.
constexpr unsigned RequestsPerTurn = 32;
}  // namespace

Driver::Input Driver::readInto(Connection& connection, char* to, std::size_t size,
                               std::size_t& got) {
  got = 0;
  if (!connection.readable) {
    return Input::Wait;
  }
  ssize_t result = 0;
  do {
    result = recv(connection.fd, to, size, MSG_DONTWAIT);
  } while (result < 0 && errno == EINTR);
  if (result > 0) {
    got = static_cast<std::size_t>(result);
    // A short read has emptied the socket; only an end of file may still be waiting there.
    connection.readable = got == size || connection.peer_closed;
    state_.counters.bytes_in.add(got);
    return Input::Data;
  }
  if (result == 0) {
    return Input::End;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    connection.readable = false;
    return Input::Wait;
  }
  return Input::Error;
}

Driver::Input Driver::read(Connection& connection) {
  std::size_t got = 0;
  const Input input = readInto(connection, state_.scratch.data(), state_.scratch.size(), got);
  rest_ = {state_.scratch.data(), got};
  return input;
}

Driver::Input Driver::readMore(Connection& connection) {
  std::string joined(rest_);
  const Input input = read(connection);
  joined.append(rest_);
  carry_ = std::move(joined);
  rest_ = carry_;
  return input;
}

bool Driver::readHead(Connection& connection) {
  if (requests_ >= RequestsPerTurn) {
    if (!connection.queued) {
      connection.queued = true;
      state_.line.push_back(connection.ref());
    }
    return false;
  }
  // Half of an empty line begins no head: the connection is still between two requests.
  while (rest_.empty() || (connection.scanned == 0 && rest_ == "\r")) {
    const Input input = rest_.empty() ? read(connection) : readMore(connection);
    const bool over = input == Input::Wait && state_.draining && connection.asked;
    if (input == Input::End || input == Input::Error || over) {
      close(connection);
      return false;
    }
    if (input == Input::Wait) {
      return false;
    }
  }
  // Empty lines before a request are forgiven (RFC 9112, section 2.2); each counts as a request, so
  // that a flood of them waits for its turn like any other.
  if (connection.scanned == 0 && rest_.starts_with("\r\n")) {
    rest_.remove_prefix(2);
    ++requests_;
    return true;
  }
  const HeadEnd end = findHeadEnd(rest_, connection.scanned, state_.shared.limits);
  if (end.refusal != nullptr) {
    return refuse(connection, *end.refusal);
  }
  if (end.size > 0) {
    return takeHead(connection, end.size);
  }
  connection.scanned = static_cast<std::uint32_t>(rest_.size());
  if (connection.state == State::Idle) {
    move(connection, State::Head);
    state_.deadlines.arm(connection, Deadline::Head, state_.now_ms);
  }
  const Input input = readMore(connection);
  if (input == Input::End || input == Input::Error) {
    close(connection);
  }
  return input == Input::Data;
}

bool Driver::takeHead(Connection& connection, std::size_t size) {
  ++requests_;
  connection.asked = true;
  state_.deadlines.arm(connection, Deadline::None, state_.now_ms);
  connection.scanned = 0;
  connection.call = newCall(connection);
  Head& head = connection.call->head;
  const Refusal* refused = head.parse(rest_.substr(0, size), state_.shared.limits);
  rest_.remove_prefix(size);
  if (refused != nullptr) {
    return refuse(connection, *refused);
  }
  connection.keep_alive = head.keepAlive();
  connection.body = head.chunked() ? BodyReader::chunked()
                    : head.contentLength() > 0
                        ? BodyReader::sized(static_cast<std::uint64_t>(head.contentLength()))
                        : BodyReader::none();
  return follow(connection, connection.call->onHead());
}

bool Driver::collect(Connection& connection) {
  Call& call = *connection.call;
  while (!connection.body.done()) {
    if (rest_.empty()) {
      const Input input = read(connection);
      if (input == Input::Wait) {
        return false;
      }
      if (input == Input::End) {
        return refuse(connection, refusal::BodyCut);
      }
      if (input == Input::Error) {
        close(connection);
        return false;
      }
    }
    const std::string_view piece = connection.body.next(rest_, rest_.size());
    if (connection.body.failed()) {
      return refuse(connection, refusal::Chunk);
    }
    if (call.body.size() + piece.size() > call.max_body) {
      return refuse(connection, refusal::BodyTooLarge);
    }
    call.collected += piece.size();
    if (state_.shared.collected.fetch_add(piece.size(), std::memory_order_relaxed) + piece.size() >
        state_.shared.options.max_collected) {
      state_.counters.busy.add(1);
      return refuse(connection, refusal::Busy);
    }
    call.body.append(piece);
    call.bytes_in += piece.size();
    connection.received += piece.size();
  }
  state_.deadlines.arm(connection, Deadline::None, state_.now_ms);
  return follow(connection, call.onBody());
}

bool Driver::receive(Connection& connection) {
  Call& call = *connection.call;
  Piece& piece = call.piece;
  const std::size_t capacity = state_.shared.options.upload_piece;
  while (true) {
    if (connection.body.failed()) {
      return abandon(connection, refusal::Chunk);
    }
    if (connection.body.done() || piece.size == capacity) {
      return postPiece(connection);
    }
    if (!piece.bytes) {
      // Not value-initialised: pages of a slow upload are touched as they fill.
      piece.bytes.reset(new char[capacity]);
    }
    const std::size_t space = capacity - piece.size;
    char* const to = piece.bytes.get() + piece.size;
    std::size_t got = 0;
    if (!rest_.empty()) {
      const std::string_view part = connection.body.next(rest_, space);
      got = part.copy(to, part.size());
    } else {
      const Input input = connection.body.isChunked()
                              ? read(connection)
                              : readInto(connection, to,
                                         static_cast<std::size_t>(std::min<std::uint64_t>(
                                             space, connection.body.left())),
                                         got);
      if (input == Input::End) {
        return abandon(connection, refusal::BodyCut);
      }
      if (input == Input::Error) {
        close(connection);
        return false;
      }
      if (input == Input::Wait) {
        return piece.size >= SmallestPiece && postPiece(connection);
      }
      connection.body.passed(got);
    }
    piece.size += got;
    call.bytes_in += got;
    connection.received += got;
  }
}

bool Driver::linger(Connection& connection) {
  rest_ = {};
  while (true) {
    const Input input = read(connection);
    connection.received += rest_.size();
    rest_ = {};
    if (input == Input::Wait) {
      return false;
    }
    if (input != Input::Data || connection.received > state_.shared.options.linger_bytes) {
      close(connection);
      return false;
    }
  }
}

}  // namespace reeld::http::engine
