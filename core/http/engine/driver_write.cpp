// The writing half of the driver: interim and final answers, and what follows the last byte.
#include "http/engine/chunk_writer.h"
#include "http/engine/driver.h"
#include "http/engine/status_line.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace reeld::http::engine {

namespace {
constexpr std::uint32_t NearMicroseconds = 5000;
constexpr int NearBuffer = 256 * 1024;
}  // namespace

bool Driver::sendContinue(Connection& connection) {
  // A client that sends its body without waiting needs no invitation.
  if (!connection.call->head.expectContinue() || !rest_.empty()) {
    return true;
  }
  constexpr std::string_view Line = "HTTP/1.1 100 Continue\r\n\r\n";
  if (::send(connection.fd, Line.data(), Line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
      static_cast<ssize_t>(Line.size())) {
    return true;
  }
  close(connection);
  return false;
}

bool Driver::answer(Connection& connection) {
  Call& call = *connection.call;
  // Where the next request starts is known only if the whole body was read.
  connection.keep_alive = connection.keep_alive && connection.body.done() && !state_.draining;
  const bool with_body = call.head.method() != "HEAD" && !isBodiless(call.reply.status);
  connection.chunked = call.reply.has_more && call.head.minorVersion() > 0;
  connection.open_ended = call.reply.has_more && !connection.chunked;
  connection.keep_alive = connection.keep_alive && !connection.open_ended;
  state_.head.clear();
  writeHead(state_.head, call.reply, state_.date, connection.keep_alive, call.head.minorVersion());
  call.reply.has_more = call.reply.has_more && with_body;
  if (connection.chunked && with_body) {
    writeChunk(state_.head, call.reply);
  }
  connection.out.begin(with_body);
  chooseBuffer(connection);
  return start(connection);
}

bool Driver::sendPiece(Connection& connection) {
  state_.head.clear();
  if (connection.chunked) {
    writeChunk(state_.head, connection.call->reply);
  }
  connection.out.begin(true);
  return start(connection);
}

bool Driver::fetchPiece(Connection& connection) {
  // What was sent goes before the next is made: memory for one piece, however long the answer is.
  connection.call->reply.body = std::monostate();
  return post(connection, JobKind::NextPiece, state_.shared.workers, true);
}

/// The first bytes of an answer, or of a piece of one; what is before its body is in state_.head.
bool Driver::start(Connection& connection) {
  Call& call = *connection.call;
  move(connection, State::Send);
  const std::uint64_t before = call.bytes_out;
  const Flush flush = connection.out.flush(connection.fd, state_.head, call.reply,
                                           state_.shared.options.burst, call.bytes_out);
  state_.counters.bytes_out.add(call.bytes_out - before);
  return settle(connection, flush, true);
}

bool Driver::send(Connection& connection) {
  Call& call = *connection.call;
  const std::uint64_t before = call.bytes_out;
  const Flush flush =
      connection.out.flush(connection.fd, call.reply, state_.shared.options.burst, call.bytes_out);
  state_.counters.bytes_out.add(call.bytes_out - before);
  return settle(connection, flush, call.bytes_out != before);
}

bool Driver::settle(Connection& connection, Flush flush, bool progress) {
  switch (flush) {
    case Flush::Done:
      return connection.call->reply.has_more ? fetchPiece(connection) : finish(connection);
    case Flush::Failed:
      close(connection);
      return false;
    case Flush::Cold: {
      const auto& options = state_.shared.options;
      const auto* file = std::get_if<FileSlice>(&connection.call->reply.body);
      Job job;
      job.kind = JobKind::Warm;
      job.connection = connection.ref();
      job.home = &state_.returned;
      job.offset = connection.out.bodySent();
      job.length = std::min<std::uint64_t>(options.burst, file->length - job.offset);
      job.call = std::move(connection.call);
      ++state_.away;
      state_.deadlines.arm(connection, Deadline::None, state_.now_ms);
      move(connection, State::Waiting);
      state_.shared.io.insist(std::move(job));
      return false;
    }
    case Flush::Paused:
    case Flush::Blocked:
      if (progress || connection.kind != Deadline::Write) {
        state_.deadlines.arm(connection, Deadline::Write, state_.now_ms);
      }
      if (flush == Flush::Paused && !connection.queued) {
        connection.queued = true;
        state_.line.push_back(connection.ref());
      }
      return false;
  }
  return false;
}

bool Driver::finish(Connection& connection) {
  Application& application = *connection.call->application;
  retire(application, std::move(connection.call), Outcome::Sent);
  connection.scanned = 0;
  connection.received = 0;
  connection.open_ended = false;
  if (connection.keep_alive) {
    state_.deadlines.arm(connection, Deadline::Idle, state_.now_ms);
    return move(connection, State::Idle);
  }
  // Closing with unread input would reset the connection and may take the answer with it.
  shutdown(connection.fd, SHUT_WR);
  rest_ = {};
  state_.deadlines.arm(connection, Deadline::Linger, state_.now_ms);
  return move(connection, State::Linger);
}

void Driver::chooseBuffer(Connection& connection) {
  const auto* file = std::get_if<FileSlice>(&connection.call->reply.body);
  if (connection.buffer_set || file == nullptr || file->length < NearBuffer) {
    return;
  }
  connection.buffer_set = true;
  const std::size_t fixed = state_.shared.options.send_buffer;
  tcp_info info{};
  socklen_t size = sizeof info;
  const bool near = getsockopt(connection.fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
                    info.tcpi_rtt < NearMicroseconds;
  const int bytes = fixed > 0 ? static_cast<int>(fixed) : NearBuffer;
  if (fixed > 0 || near) {
    // Near: a bounded buffer costs a quarter of the CPU per byte. Far: it would cap the speed.
    setsockopt(connection.fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  } else {
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
  }
}

}  // namespace reeld::http::engine
