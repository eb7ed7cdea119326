// Holds what is stored against its seals and its own numbers, piece by piece, so that a trail of
// any length can be verified beside a daemon that runs.
#pragma once
#include "tables.h"

#include <optional>
#include <string>
#include <vector>

namespace audit_trail {

/// Something that is not as it was written.
struct Finding {
  std::int64_t boot = 0;
  std::int64_t seq = 0;  ///< 0 = the boot itself
  std::string what;      ///< changed, missing, inserted, moved, head, checkpoint, boots
  std::string text;      ///< a sentence with the record's number
};

/// Where a verification stands: the last record it looked at; {0, 0} is before the first boot.
struct Place {
  std::int64_t boot = 0;
  std::int64_t seq = 0;
};

struct Piece {
  std::int64_t records = 0;
  std::vector<Finding> findings;
  std::vector<std::string> notes;  ///< of what is no sign of tampering: an end without order
  std::int64_t maybe_missing = 0;  ///< requests that boots without an end took on, at most
  std::int64_t unanchored = 0;     ///< records behind the last checkpoint of their boot
  std::optional<Place> next;       ///< nothing = done
};

/// The piece after a place, of about so many records. `running` is the boot of this daemon.
Piece verify(const Sql& sql, const MacKey& key, std::int64_t running, Place after,
             std::int64_t records);

/// Whether the record of that number has that seal, or is pruned with it: what a line of the
/// journal says, against what is stored. A sentence if not.
std::optional<std::string> contradicts(const Sql& sql, const MacKey& key, const Mark& mark);

}  // namespace audit_trail
