// Takes new connections off the listeners and decides who may stay: limits in all and per address,
// descriptors running out. Whoever is turned away is told so. Belongs to one loop.
#pragma once
#include "http/engine/driver.h"

namespace reeld::http::engine {

class Acceptor {
 public:
  Acceptor(LoopState& state, Driver& driver);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  void accept(Listener& listener);

 private:
  void admit(Listener& listener, int fd, const Address& peer);
  /// Out of descriptors: makes room, or answers one connection with the reserve. False: nothing to
  /// accept.
  bool shed(Listener& listener);
  int reserve_fd_;

  LoopState& state_;
  Driver& driver_;
};

}  // namespace reeld::http::engine
