// A reply of a plugin that goes on: the state it handed over, which it gets back exactly once.
#pragma once
#include "http/exchange.h"
#include "plugin/call.h"

#include <reeld/kind/routes.h>

#include <chrono>
#include <string>

namespace reeld::plugin::adapters {

/// Long enough for an export, and for each piece of one.
inline constexpr std::chrono::seconds HandleDeadline{60};

/// Whom a reply is for.
struct Asker {
  std::string request_id;
  std::string user_id;  ///< empty for nobody
};

class PausedReply final : public http::PieceSource {
 public:
  /// Takes over the state; in a call of the instance, which it keeps alive.
  PausedReply(Instance& instance, const Call& call, Asker asker, void* state);
  ~PausedReply() override;
  PausedReply(const PausedReply&) = delete;
  PausedReply& operator=(const PausedReply&) = delete;

  bool next(std::string& piece) override;

 private:
  const Lease lease_;
  Instance& instance_;
  const reeld_routes& table_;
  void* const self_;
  const Asker asker_;
  void* const state_;
};

}  // namespace reeld::plugin::adapters
