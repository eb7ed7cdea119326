// What the parts of one event loop share (LoopState) and what all loops share (Shared). Everything
// in a LoopState belongs to its thread, the counters and the return queue excepted.
#pragma once
#include "base/clock.h"
#include "http/engine/address_counts.h"
#include "http/engine/connection.h"
#include "http/engine/counters.h"
#include "http/engine/options.h"
#include "http/engine/pool.h"
#include "http/engine/return_queue.h"

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace reeld::http::engine {

struct Shared {
  Shared(const Options& o, const Clock& c, unsigned loop_count);

  const Options options;
  const HeadLimits limits;
  const Clock& clock;
  std::size_t max_connections;  ///< what the descriptor limit allows of the option
  Pool workers;
  Pool hash;
  Pool io;
  AddressCounts addresses;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> uploads{0};
  std::atomic<std::size_t> collected{0};  ///< bytes of bodies in memory
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::unique_ptr<LoopCounters>>
      counters;  ///< of each loop; outlive the loops for scrapes
};

/// Calls at rest, by the application that made them.
class CallShelf {
 public:
  std::unique_ptr<Call> take(Application& application);
  void putBack(Application& application, std::unique_ptr<Call> call);

 private:
  static constexpr std::size_t MostKept = 256;
  struct Row {
    Application* application;
    std::vector<std::unique_ptr<Call>> calls;
  };
  Row& row(Application& application);
  std::vector<Row> rows_;
};

struct LoopState {
  LoopState(unsigned index, Shared& shared);

  Connection* find(ConnectionRef ref) noexcept;
  Connection& newSlot();
  void readTheClock();

  const unsigned index;
  Shared& shared;
  const int epoll_fd;
  Deadlines deadlines;
  ReturnQueue returned;
  LoopCounters& counters;
  CallShelf shelf;
  std::deque<Connection> slots;
  std::vector<std::uint32_t> free_slots;
  std::vector<ConnectionRef> line;  ///< connections to go on with in the next turn
  std::size_t away = 0;             ///< jobs not back yet
  bool draining = false;
  std::int64_t now_ms = 0;
  std::int64_t date_second = 0;
  std::string date;
  std::string head;                       ///< scratch for answers
  std::array<char, 64 * 1024> scratch{};  ///< scratch for input
};

}  // namespace reeld::http::engine
