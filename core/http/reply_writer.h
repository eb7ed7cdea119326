// Turns a handler's Response into the engine's Reply: conditions and ranges, the fields every
// answer carries, and a last check that no header value breaks out of its line.
#pragma once
#include "http/engine/call.h"
#include "http/exchange.h"
#include "http/live_settings.h"

#include <string_view>
#include <vector>

namespace reeld::http {

/// `set` are fields as lines, which take the place of others of their names. Throws Error INTERNAL
/// naming a header with a character that must not be sent; `reply` is then void.
void writeReply(engine::Reply& reply, Response&& response, const std::vector<Header>& extra,
                std::string_view set, const Exchange& exchange, const Live& live);

}  // namespace reeld::http
