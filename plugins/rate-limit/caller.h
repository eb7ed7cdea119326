// Who is counted: the user of a good credential, else the peer. Exact, no hash: two callers never
// share a bucket.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace rate_limit {

struct Caller {
  enum class Kind : std::uint8_t { User = 1, V4 = 2, V6 = 3 };  ///< 0 is no caller
  Kind kind = Kind::V4;
  std::uint64_t number = 0;  ///< the user's id, the IPv4 address, or the first half of the IPv6 one
  bool operator==(const Caller&) const = default;
};

/// [hot] Of IPv6 the /64, which is what one subscriber has. A peer that is no address is 0.0.0.0.
Caller callerOf(std::string_view user_id, std::string_view peer) noexcept;

/// "user 7", "192.0.2.7", "2001:db8::/64".
std::string printed(const Caller& caller);

}  // namespace rate_limit
