#include "plugin/adapters/paused_reply.h"

#include "plugin/adapters/reply_spool.h"

namespace reeld::plugin::adapters {

PausedReply::PausedReply(Instance& instance, const Call& call, Asker asker, void* state)
    : lease_(instance),
      instance_(instance),
      table_(call.table<reeld_routes>(REELD_ROUTES)),
      self_(call.self()),
      asker_(std::move(asker)),
      state_(state) {}

PausedReply::~PausedReply() {
  const InPlugin mark(instance_.crashSite(), "drop()", asker_.request_id);
  table_.drop(self_, state_);
}

bool PausedReply::next(std::string& piece) {
  Call call(instance_, HandleDeadline);
  call.forRequest(asker_.request_id, asker_.user_id);
  ReplySpool reply(state_);
  call.require(table_.more(call.self(), call.context(), state_, reply.abi(), call.error()));
  return reply.takePiece(piece);
}

}  // namespace reeld::plugin::adapters
