// A line of the trail as it is stored: what happened, its place in the chain of its boot, and its
// seal.
#pragma once
#include "mac.h"
#include "ring.h"

#include <reeld/cpp/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace audit_trail {

using reeld::sdk::SqlRow;
using reeld::sdk::SqlValue;

struct Entry {
  std::int64_t boot = 0;  ///< the life of a daemon in which it was written, counted from 1
  std::int64_t seq = 0;   ///< within the boot, from 1, without a gap
  std::int64_t at = 0;    ///< wall clock, ms
  std::optional<std::int64_t> user_id;
  std::string action = "API_CALL";
  SqlValue resource;  ///< "user:7", of what is no request
  std::string method;
  std::string endpoint;
  std::string ip_address;
  std::int64_t status = 0;
  std::string request_id;
  std::int64_t duration_us = 0;
  std::int64_t count = 1;  ///< how many it stands for
  SqlValue detail;         ///< JSON, of an event
  SqlValue event_id;       ///< of an event: the same for a repetition
  std::string prev;        ///< the seal of the one before; of the first of a boot ""
  std::string mac;         ///< the seal, over all of the above

  /// The number clients see; no two are the same.
  std::int64_t id() const noexcept;
  std::string sealedBy(const MacKey& key) const;

  /// Of a row of Columns.
  static Entry of(SqlRow row);
  static constexpr std::string_view Columns =
      "boot, seq, at, user_id, action, resource, method, endpoint, ip_address, status, request_id, "
      "duration_us, count, detail, event_id, prev, mac";
  static constexpr std::size_t ColumnCount = 17;
};

/// Without a place in the chain. What no text can hold is escaped, what may be a secret in a path
/// that no route knows is left out.
Entry entryOf(const Record& record);

/// As entryOf() prints it.
std::string printedPath(std::string_view path, bool is_unmatched, bool is_cut);

}  // namespace audit_trail
