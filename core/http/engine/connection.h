// One connection as its loop keeps it. Small, because ten thousand of them wait at any time: an
// idle one holds no buffer and no call.
#pragma once
#include "http/engine/body_reader.h"
#include "http/engine/call.h"
#include "http/engine/deadlines.h"
#include "http/engine/job.h"
#include "http/engine/listener.h"
#include "http/engine/outbound.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace reeld::http::engine {

enum class State : std::uint8_t {
  Free,     ///< the slot waits for a connection
  Idle,     ///< between requests
  Head,     ///< some bytes of a head have come
  Body,     ///< collecting a small body
  Receive,  ///< receiving an upload
  Waiting,  ///< a job is out; nothing is read
  Send,     ///< an answer is going out
  Linger,   ///< answered and shut; what the peer still sends is dropped
};

/// Whether a connection may go from one state to the other; the table of connection.cpp.
bool mayMove(State from, State to) noexcept;

struct Connection : DeadlineNode {
  int fd = -1;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  State state = State::Free;
  bool readable = false;     ///< the last read did not empty the socket, or bytes came since
  bool peer_closed = false;  ///< the peer sent its last byte; an end of file is waiting
  bool asked = false;        ///< its first request has come
  bool keep_alive = false;   ///< after the answer in hand
  bool chunked = false;      ///< the pieces of the answer in hand are chunks
  bool open_ended = false;   ///< the answer in hand is over when the connection is
  bool queued = false;       ///< has a place in the loop's line of those to go on with
  bool buffer_set = false;   ///< the send buffer was decided
  bool counted = false;      ///< has a place in AddressCounts
  Listener* listener = nullptr;
  Address peer;
  std::string kept;           ///< input that could not be used yet
  std::uint32_t scanned = 0;  ///< of an incomplete head
  BodyReader body;
  std::uint64_t received = 0;  ///< bytes of the body, or dropped while lingering, in this window
  std::unique_ptr<Call> call;
  Outbound out;

  ConnectionRef ref() const noexcept { return {slot, generation}; }
};

}  // namespace reeld::http::engine
