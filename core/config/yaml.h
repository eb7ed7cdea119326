// YAML text -> tree. The only user of yaml-cpp. Every fault has its line; nothing is thrown.
#pragma once
#include "config/tree.h"

#include <string>

namespace reeld::config {

/// One document; an empty text is an empty map. Keys that are there twice, a second document, tabs
/// and whatever else YAML refuses are added to faults; the rest is returned as far as it could be
/// read. `source` is the file's name in origins.
Node parseYaml(const std::string& text, const std::string& source, Faults& faults);

/// The file's text as a tree. A file that cannot be read is a fault.
Node readYamlFile(const std::string& path, Faults& faults);

/// A value given on one line (environment, --set): "[a, b]", "{a: 1}", "text". All of it has this
/// origin.
Node parseYamlValue(const std::string& text, const Origin& origin, const std::string& pointer,
                    Faults& faults);

}  // namespace reeld::config
