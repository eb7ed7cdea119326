// Tree -> Settings. Every fault is reported, each with the place it was written at.
#pragma once
#include "config/settings.h"
#include "config/tree.h"

namespace reeld::config {

/// Settings are the defaults changed by what the tree says; keys with faults keep their default.
Settings bindTree(const Node& tree, Faults& faults);

/// What no single key can be blamed for: lists that name instances there are not, and the like.
void checkTogether(const Settings& settings, const Node& tree, Faults& faults);

}  // namespace reeld::config
