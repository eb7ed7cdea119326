// The seam between the engine and what answers requests. A Call is one request on its way: the
// engine fills in what came over the wire and asks the floor above, step by step, what to do with
// it. Calls are reused, so that the hot path allocates nothing for them.
#pragma once
#include "http/engine/address.h"
#include "http/engine/head.h"
#include "http/engine/refusal.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace reeld::http::engine {

/// Bytes of an open file; `keep` holds the descriptor open for as long.
struct FileSlice {
  std::shared_ptr<const void> keep;
  int fd = -1;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct Reply {
  int status = 500;
  std::string fields;  ///< "Name: value\r\n" lines without Date, Content-Length and Connection
  std::variant<std::monostate, std::string, std::shared_ptr<const std::string>, FileSlice> body;
  /// The body is a string and only a piece: nextPiece() brings the one that follows, until it says
  /// that there is none. How long all of it is nobody knows.
  bool has_more = false;

  void clear();
  std::uint64_t bodySize() const noexcept;
};

/// What the engine does next with a call.
enum class Step : std::uint8_t {
  Answer,   ///< reply is complete
  Collect,  ///< receive the body into `body`, at most `max_body`, then onBody()
  Worker,   ///< run() on a worker
  Hash,     ///< run() on the hash thread
  Receive,  ///< openUpload() on a worker, then the body piece by piece, then finishUpload()
};

enum class Outcome : std::uint8_t {
  Sent,    ///< the whole answer was handed to the kernel
  Broken,  ///< the connection ended before that
};

/// A piece of an upload on its way to the sink.
struct Piece {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;
};

class Application;

class Call {
 public:
  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  virtual ~Call() = default;

  /// On the loop, once the head is complete and sound.
  virtual Step onHead() noexcept = 0;
  /// On the loop, after Collect.
  virtual Step onBody() noexcept = 0;
  /// Off the loop. Answer: reply is complete. Hash: run() once more, on the hash thread.
  virtual Step run() noexcept = 0;
  /// On a worker. False: reply says why not.
  virtual bool openUpload() noexcept = 0;
  /// On an io thread, in order, one at a time. False: reply says why, the upload is over.
  virtual bool writeUpload(std::span<const char> piece) noexcept = 0;
  virtual void finishUpload() noexcept = 0;  ///< on a worker; fills reply
  virtual void dropUpload() noexcept = 0;    ///< on an io thread, instead of finishUpload()
  /// On a worker, once the piece before has been handed to the kernel: the next one into the reply,
  /// `has_more` too. False: it cannot be had, and the connection ends in the middle of the answer.
  virtual bool nextPiece() noexcept = 0;
  /// On the loop: fills reply for a request the engine turns away; at any step, also before
  /// onHead().
  virtual void refuse(const Refusal& refusal) noexcept = 0;
  /// On the loop, exactly once per call, after its last byte or its connection's end.
  virtual void completed(Outcome outcome) noexcept = 0;

  // Filled by the engine before onHead().
  Head head;
  Address peer;
  unsigned loop = 0;
  std::int64_t started_us = 0;  ///< CLOCK_MONOTONIC when the head was complete
  std::string body;
  std::uint64_t bytes_in = 0;   ///< of the body
  std::uint64_t bytes_out = 0;  ///< of the answer, head included

  // Filled by the floor above.
  std::size_t max_body = 0;
  Reply reply;

  // The engine's own.
  Piece piece;
  Application* application = nullptr;
  std::size_t collected = 0;    ///< of Shared::collected
  bool upload_open = false;     ///< openUpload() said yes; finish or drop is owed
  bool upload_counted = false;  ///< has one of the places for uploads
};

/// What stands behind a listener.
class Application {
 public:
  virtual ~Application() = default;
  virtual std::unique_ptr<Call> newCall() = 0;
  /// False for addresses that may open any number of connections (trusted proxies).
  virtual bool isCapped(const Address& address) const noexcept = 0;
};

}  // namespace reeld::http::engine
