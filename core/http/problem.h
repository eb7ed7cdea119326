// Errors as an HTTP client sees them: which status an ErrorCode means, and the body in the shape of
// the surface that was asked. The one table of both is in problem.cpp. What happened inside the
// server stays in its log: of a 5xx a client gets a fixed sentence and the request id.
#pragma once
#include "base/error.h"
#include "http/engine/refusal.h"
#include "http/exchange.h"

#include <string>
#include <string_view>

namespace reeld::http {

/// The status an error is answered with.
int statusOf(const Error& error) noexcept;

/// `surface` as of Route::surface(): "videoflix" gets {"detail"}, or for violations a 400 with the
/// map of members to sentences; everything else gets application/problem+json.
Response problem(const Error& error, std::string_view surface, std::string_view request_id);
Response problem(const engine::Refusal& refusal, std::string_view surface,
                 std::string_view request_id);
/// For what has no Error: 404 and 405 of the router, an interceptor's refusal.
Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view surface, std::string_view request_id,
                 std::uint32_t retry_after_ms = 0);

}  // namespace reeld::http
