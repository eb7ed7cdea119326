// Why a plugin is not taken, for the administrator: what is wrong, and what to do about it.
// Printed, every such message has four parts: instance, file, what, remedy.
#pragma once
#include "base/error.h"

#include <string>

namespace reeld::plugin {

struct Refusal {
  std::string what;    ///< "needs plugin ABI 1.3, this reeld has 1.0"
  std::string remedy;  ///< "upgrade reeld, or install an older release of the plugin"
};

/// plugin "directory" (auth-ldap.so): <what>
///        -> <remedy>
/// An empty instance leaves its part out (a file is checked that nothing uses yet).
std::string explain(const std::string& instance, const std::string& file, const Refusal& refusal);

/// The same for a log line, which has no line breaks.
std::string onOneLine(const std::string& explained);

}  // namespace reeld::plugin
