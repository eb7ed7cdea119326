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

/// True for what a page of a foreign origin sends: Sec-Fetch-Site says cross-site (Fetch Metadata),
/// or Origin is neither this server's nor an allowed one. With neither header it is no page.
bool isCrossSite(const Live& live, const Exchange& exchange) noexcept;

/// True for the question of a browser whether it may send a request, as opposed to a plain OPTIONS.
bool isPreflight(const Exchange& exchange) noexcept;

/// The answer to OPTIONS with Access-Control-Request-Method, without what appendCors adds.
Response preflight(const Live& live, const Exchange& exchange, std::string allow);

}  // namespace reeld::http
