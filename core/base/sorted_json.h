// JSON as text that is the same for values that mean the same: members by name, whatever their
// order was.
#pragma once
#include "base/json.h"

#include <string>

namespace reeld {

std::string sortedText(const Json& value);

}  // namespace reeld
