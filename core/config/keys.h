// The list of every key there is. What is not here is unknown, and refused.
#pragma once
#include "config/key.h"

#include <string>
#include <vector>

namespace reeld::config {

/// All keys but those below `plugins`, in the order of etc/reeld.yaml.
const std::vector<Key>& allKeys();

const Key* findKey(const std::string& name);

/// Whether keys begin with "<name>.".
bool isSection(const std::string& name);

/// The names one level below a section; "" = the top, with `plugins`.
std::vector<std::string> namesBelow(const std::string& section);

/// Full names of keys that end in ".<leaf>": for a key that was written at the wrong level.
std::vector<std::string> keysEndingIn(const std::string& leaf);

}  // namespace reeld::config
