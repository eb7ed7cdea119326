// The head of an answer as bytes, and the table of reason phrases.
#pragma once
#include "http/engine/call.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::http::engine {

/// "Not Found"; "Unknown" for what is not in the table.
std::string_view reasonPhrase(int status) noexcept;

/// Whether an answer of this status has no body at all (1xx, 204, 304).
constexpr bool isBodiless(int status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

/// Writes the whole head: status line, Date, the reply's fields, Content-Length, Connection. Where
/// a reply has more than its body, its end is the last chunk, and for HTTP/1.0 that of the
/// connection.
void writeHead(std::string& out, const Reply& reply, std::string_view date, bool keep_alive,
               int minor_version);

/// "Fri, 20 Nov 2026 11:12:30 GMT" (RFC 9110, section 5.6.7).
std::string httpDate(std::int64_t epoch_seconds);

}  // namespace reeld::http::engine
