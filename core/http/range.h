// Conditional requests and ranges (RFC 9110, sections 13 and 14): what to send of one
// representation. Pure: knows nothing of sockets or files. More than one range is answered as the
// whole.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld::http {

/// The request headers that matter here; empty = not sent.
struct Conditions {
  std::string_view if_match;
  std::string_view if_none_match;
  std::string_view if_modified_since;
  std::string_view if_unmodified_since;
  std::string_view if_range;
  std::string_view range;
};

struct Representation {
  std::string_view etag;         ///< quoted; empty = none
  std::int64_t modified_ms = 0;  ///< 0 = unknown
  std::uint64_t size = 0;
};

struct Selection {
  int status = 200;  ///< 200, 206, 304, 412 or 416
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// For GET and HEAD; a range is GET's alone, so leave it empty for HEAD.
Selection select(const Conditions& conditions, const Representation& representation) noexcept;

/// Epoch seconds of an IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"); nothing for any other form.
std::optional<std::int64_t> parseHttpDate(std::string_view text) noexcept;

}  // namespace reeld::http
