#include "http/engine/loop_state.h"

#include "base/error.h"
#include "http/engine/status_line.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

namespace reeld::http::engine {

namespace {
constexpr std::size_t NoLimit = static_cast<std::size_t>(-1);

int newEpoll() {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) {
    throw systemError("cannot make an epoll descriptor", errno);
  }
  return fd;
}
}  // namespace

Shared::Shared(const Options& o, const Clock& c, unsigned loop_count)
    : options(o),
      limits{o.max_head, o.max_target, std::min(o.max_fields, Head::MaxFields)},
      clock(c),
      max_connections(o.max_connections),
      workers("reeld-work", o.workers, o.worker_queue),
      hash("reeld-hash", 1, o.hash_queue),
      io("reeld-io", o.io_threads, NoLimit),
      addresses(o.max_per_address) {
  for (unsigned i = 0; i < loop_count; ++i) {
    counters.push_back(std::make_unique<LoopCounters>());
  }
}

CallShelf::Row& CallShelf::row(Application& application) {
  for (auto& row : rows_) {
    if (row.application == &application) {
      return row;
    }
  }
  return rows_.emplace_back(Row{&application, {}});
}

std::unique_ptr<Call> CallShelf::take(Application& application) {
  auto& calls = row(application).calls;
  if (calls.empty()) {
    return application.newCall();
  }
  auto call = std::move(calls.back());
  calls.pop_back();
  return call;
}

void CallShelf::putBack(Application& application, std::unique_ptr<Call> call) {
  constexpr std::size_t KeptBody = 64 * 1024;
  call->head.clear();
  call->reply.clear();
  call->body.clear();
  if (call->body.capacity() > KeptBody) {
    call->body = std::string();
  }
  call->piece = Piece();
  call->bytes_in = call->bytes_out = 0;
  auto& calls = row(application).calls;
  if (calls.size() < MostKept) {
    calls.push_back(std::move(call));
  }
}

LoopState::LoopState(unsigned i, Shared& s)
    : index(i),
      shared(s),
      epoll_fd(newEpoll()),
      deadlines({0, s.options.head_timeout.count(), s.options.idle_timeout.count(),
                 s.options.body_window.count(), s.options.write_timeout.count(),
                 s.options.linger_timeout.count()}),
      counters(*s.counters[i]) {
  readTheClock();
}

Connection* LoopState::find(ConnectionRef ref) noexcept {
  if (ref.slot >= slots.size()) {
    return nullptr;
  }
  Connection& connection = slots[ref.slot];
  return connection.generation == ref.generation && connection.state != State::Free ? &connection
                                                                                    : nullptr;
}

Connection& LoopState::newSlot() {
  if (free_slots.empty()) {
    Connection& connection = slots.emplace_back();
    connection.slot = static_cast<std::uint32_t>(slots.size() - 1);
    return connection;
  }
  Connection& connection = slots[free_slots.back()];
  free_slots.pop_back();
  return connection;
}

void LoopState::readTheClock() {
  now_ms = shared.clock.monotonicMs();
  const std::int64_t second = shared.clock.now() / 1000;
  if (second != date_second) {
    date_second = second;
    date = httpDate(second);
  }
}

}  // namespace reeld::http::engine
