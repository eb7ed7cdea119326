// The files that an instance's configuration names: a plugin's schema says so with the format
// "file" or "secret-file", so that a start can judge them before anything runs, and a check without
// it.
#pragma once
#include "plugin/descriptor.h"

#include <string>
#include <vector>

namespace reeld::plugin {

struct NamedFile {
  std::string pointer;  ///< where it stands in the configuration, RFC 6901
  std::string path;     ///< as it was given; never empty
  bool is_secret = false;
};

/// Of an effective configuration, in the order of the schema.
std::vector<NamedFile> namedFiles(const Descriptor& descriptor, const std::string& config);

}  // namespace reeld::plugin
