// The peer of bench_audit: rows of the size of audit records into a table with the same columns and
// indexes, by the engine's own client and nothing else: one prepared statement of 128 rows, 16 to a
// transaction.
#pragma once
#include "cost.h"

#include <string>

namespace reeld::bench {

/// The table is made and dropped here. Aborts on an error.
Cost bareIntoSqlite(const std::string& file, int rows);
Cost bareIntoPostgres(const std::string& url, int rows);

}  // namespace reeld::bench
