// Moves one connection forward as far as it goes without waiting: reads, asks the call what to do,
// sends. Belongs to one loop. Requests of a connection are handled strictly one at a time; while
// one is in hand nothing is read, so that back-pressure reaches the peer.
#pragma once
#include "http/engine/loop_state.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::http::engine {

class Driver {
 public:
  explicit Driver(LoopState& state) : state_(state) {}
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Takes over a connection that was just accepted; `refused` is answered instead of any request.
  void opened(Connection& connection, const Refusal* refused);
  void event(Connection& connection, std::uint32_t epoll_events);
  void resume(Connection& connection);   ///< from the loop's line
  void expired(Connection& connection);  ///< its deadline has passed
  void returned(Job&& job);
  void drain();  ///< who has been answered ends, the others after their answer
  void close(Connection& connection);

 private:
  enum class Input : std::uint8_t { Data, Wait, End, Error };

  template <class First>
  void advance(Connection& connection, First&& first);
  bool step(Connection& connection);
  bool move(Connection& connection, State to);

  // driver_read.cpp
  Input read(Connection& connection);
  Input readInto(Connection& connection, char* to, std::size_t size, std::size_t& got);
  Input readMore(Connection& connection);
  bool readHead(Connection& connection);
  bool takeHead(Connection& connection, std::size_t size);
  bool collect(Connection& connection);
  bool receive(Connection& connection);
  bool linger(Connection& connection);

  // driver_call.cpp
  bool follow(Connection& connection, Step step);
  bool post(Connection& connection, JobKind kind, Pool& pool, bool insist);
  bool postPiece(Connection& connection);
  bool abandon(Connection& connection, const Refusal& refusal);
  bool continueUpload(Connection& connection);
  bool refuse(Connection& connection, const Refusal& refusal);
  bool handle(Connection& connection, const Job& job);
  void retire(Application& application, std::unique_ptr<Call> call, Outcome outcome);
  void dropUpload(std::unique_ptr<Call> call);
  std::unique_ptr<Call> newCall(Connection& connection);

  // driver_write.cpp
  bool sendContinue(Connection& connection);
  bool answer(Connection& connection);
  bool send(Connection& connection);
  bool sendPiece(Connection& connection);
  bool fetchPiece(Connection& connection);
  bool start(Connection& connection);
  bool settle(Connection& connection, Flush flush, bool progress);
  bool finish(Connection& connection);
  void chooseBuffer(Connection& connection);

  LoopState& state_;
  std::string_view rest_;  ///< input of the connection in hand that was not used yet
  std::string carry_;      ///< holds it, when it does not lie in the loop's scratch
  unsigned requests_ = 0;  ///< of the connection in hand, in this turn
};

}  // namespace reeld::http::engine
