// Cross-origin requests (Fetch standard): which header fields an answer carries for an allowed
// origin, and the answer to a preflight.
#pragma once
#include "http/exchange.h"
#include "http/live_settings.h"

#include <string>
#include <string_view>

namespace reeld::http {

/// Appends header lines for any answer, errors included.
void appendCors(std::string& fields, const Live& live, std::string_view origin);

/// The request headers of `requested` ("a, b") that a page may send, as a list.
std::string allowedRequestHeaders(std::string_view requested);

/// The answer to OPTIONS with Access-Control-Request-Method, without what appendCors adds.
Response preflight(const Live& live, const Exchange& exchange, std::string allow);

}  // namespace reeld::http
