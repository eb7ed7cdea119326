// What stands in the path and the query of a request: ids, and the window of a list. What cannot be
// read is INVALID with a violation (422), named like a body's member.
#pragma once
#include "http/exchange.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::api {

/// A positive 64-bit number in decimal digits.
std::int64_t parseId(std::string_view text, const std::string& name);

/// The id in the route's parameter of that name.
std::int64_t pathId(const http::Exchange& exchange, const std::string& name = "id");

/// The window of a list: skip >= 0, limit clamped to MaxLimit.
struct Window {
  static constexpr std::int64_t MaxLimit = 200;
  std::int64_t skip = 0;
  std::int64_t limit = 50;
};
Window readWindow(const http::Exchange& exchange, std::int64_t default_limit = 50);

/// X-Total-Count, and Link (RFC 8288) with first, prev, next and last where they exist.
/// `filters` is the rest of the query, as text; a total that is not exact has no last window.
void addWindowHeaders(http::Response& response, std::string_view path, const Window& window,
                      std::int64_t total, std::string_view filters = "",
                      bool total_is_exact = true);

}  // namespace reeld::api
