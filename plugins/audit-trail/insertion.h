// Many records into the table.
#pragma once
#include "entry.h"

#include <vector>

namespace audit_trail {

/// In the transaction of the caller.
void insert(const reeld::sdk::Sql& sql, const std::vector<Entry>& batch);

}  // namespace audit_trail
