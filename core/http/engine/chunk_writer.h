// The form in which the pieces of a body of unknown length travel (RFC 9112, section 7.1).
#pragma once
#include "http/engine/call.h"

#include <string>

namespace reeld::http::engine {

/// Makes a chunk of the piece in the reply: its size goes behind `head`, which is sent before it.
/// The last one brings the end of the body with it. An empty piece that is not the last is no
/// chunk: that would be the end.
void writeChunk(std::string& head, Reply& reply);

}  // namespace reeld::http::engine
