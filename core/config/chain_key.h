// The kind of key that is a chain of interceptors: a list of names, or of maps where a place is for
// some groups of routes alone.
#pragma once
#include "config/key.h"

namespace reeld::config {

/// [audit, {name: rate-limit, exclude: [media]}]; no name twice.
Key chain(std::string name, Field<std::vector<InterceptorSettings>> field);

}  // namespace reeld::config
