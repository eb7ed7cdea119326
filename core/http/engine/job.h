// Work that leaves the loop, and comes back to it: the call travels with the job, so nothing is
// shared while it is away. The connection is named by slot and generation; it may be gone when the
// job returns.
#pragma once
#include "http/engine/call.h"

#include <cstdint>
#include <memory>

namespace reeld::http::engine {

class ReturnQueue;

struct ConnectionRef {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

enum class JobKind : std::uint8_t {
  Run,
  OpenUpload,
  WritePiece,
  FinishUpload,
  DropUpload,
  Warm,
  NextPiece
};

struct Job {
  JobKind kind = JobKind::Run;
  bool ok = true;            ///< the answer of OpenUpload, WritePiece and NextPiece
  Step next = Step::Answer;  ///< the answer of Run
  ConnectionRef connection;
  std::unique_ptr<Call> call;
  ReturnQueue* home = nullptr;
  const Refusal* refusal = nullptr;  ///< DropUpload: what to answer afterwards, if anything
  std::uint64_t offset = 0;  ///< Warm: bytes of the reply's file to read into the page cache
  std::uint64_t length = 0;

  void execute() noexcept;
};

}  // namespace reeld::http::engine
