// Routes of the site over a reeld.routes/1 table.
#pragma once
#include "http/route.h"
#include "plugin/instance.h"

#include <string>

namespace reeld::plugin::adapters {

/// Every method at `mount` ("/x/name") and below it. The instance must outlive them.
http::Routes routes(Instance& instance, const std::string& mount, http::Access access);

}  // namespace reeld::plugin::adapters
