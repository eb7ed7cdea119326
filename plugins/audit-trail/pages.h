// The trail newest first, as pages and as a stream.
#pragma once
#include "filter.h"
#include "tables.h"

#include <vector>

namespace audit_trail {

struct Window {
  std::int64_t skip = 0;
  std::int64_t limit = 50;
};

std::vector<Entry> newest(const Sql& sql, const Filter& filter, const Window& window);

/// How many there are; with a filter counted up to a limit.
struct Total {
  std::int64_t count = 0;
  bool is_exact = true;
};
Total total(const Sql& sql, const Filter& filter);

/// Those that follow a record in that order; the newest without one.
std::vector<Entry> olderThan(const Sql& sql, const Filter& filter, const Entry* last, int limit);

}  // namespace audit_trail
