// The whole way: file < conf.d/*.yaml < environment < --set, bound and checked.
#pragma once
#include "config/overrides.h"
#include "config/settings.h"
#include "config/tree.h"

#include <string>
#include <vector>

namespace reeld::config {

inline constexpr const char* DefaultFile = "/etc/reeld/reeld.yaml";

struct Sources {
  std::string file =
      DefaultFile;  ///< conf.d/*.yaml beside it are read too, in the order of their names
  bool file_was_named = false;  ///< then it must exist; the default one may be absent
  Environment environment;
  std::vector<std::string> assignments;  ///< --set
};

struct Loaded {
  Settings settings;               ///< for use only if there are no faults
  Node tree;                       ///< what was written, merged; knows the origin of every value
  std::vector<std::string> files;  ///< that were read, in order
  Faults faults;                   ///< all of them, in the order of files and lines
  std::vector<std::string> notes;  ///< what is no fault, but hardly meant so: a sentence each

  bool ok() const { return faults.empty(); }
};

Loaded load(const Sources& sources);

}  // namespace reeld::config
