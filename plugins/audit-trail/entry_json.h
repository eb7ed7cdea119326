// A record as clients see it.
#pragma once
#include "entry.h"

#include <string>
#include <vector>

namespace audit_trail {

/// One object, without a line break in it.
std::string printed(const Entry& entry);
std::string printed(const std::vector<Entry>& entries);  ///< an array

}  // namespace audit_trail
