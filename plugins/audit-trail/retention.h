// Takes away what is older than the administrator wants to keep, boot by boot from the front, and
// leaves a sealed mark of how far that went; so what is left can still be verified.
#pragma once
#include "tables.h"

namespace audit_trail {

/// Records older than so many days; 0 = keeps all. How many were taken away; at most a few thousand
/// at once, so that the writer has its turn between.
std::int64_t prune(const Sql& sql, const MacKey& key, std::int64_t keep_days);

}  // namespace audit_trail
