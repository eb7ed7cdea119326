// Many records into the table.
#pragma once
#include "entry.h"

#include <reeld/cpp/host.hpp>

#include <vector>

namespace audit_trail {

/// In the transaction of the caller.
void insert(const reeld::sdk::Host& host, const std::vector<Entry>& batch);

}  // namespace audit_trail
