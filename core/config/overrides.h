// Settings from outside the files: REELD__HTTP__LISTEN=... and --set http.listen=... Both name a
// path in the tree; the value is read by what the path leads to: a list with commas or YAML flow, a
// scalar as it stands, a section or a plugin's config as YAML flow.
#pragma once
#include "config/tree.h"

#include <string>
#include <utility>
#include <vector>

namespace reeld::config {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// The REELD__ variables of this process.
Environment reeldVariables(char** environ);

/// In a variable a double underscore is a level and '-' in a name is written '_'; case does not
/// matter.
void applyEnvironment(Node& tree, const Environment& variables, Faults& faults);

/// Each "a.b=value".
void applyAssignments(Node& tree, const std::vector<std::string>& assignments, Faults& faults);

}  // namespace reeld::config
