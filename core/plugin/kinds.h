// The kinds this host knows, and what a table of each must have.
#pragma once
#include "plugin/refusal.h"

#include <optional>
#include <string_view>

namespace reeld::plugin {

bool knownKind(std::string_view kind);

/// What a table of a known kind lacks: its 1.0 size or a required function.
std::optional<Refusal> refuseTable(std::string_view kind, const void* table);

}  // namespace reeld::plugin
