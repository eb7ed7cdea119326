// What reeldctl asks the trail, as JSON.
#pragma once
#include "verification.h"
#include "writer.h"

#include <string>
#include <string_view>

namespace audit_trail {

std::string printed(const Piece& piece);
std::string printed(const Writer::State& state, std::size_t ring);

/// Records after a place, by boots and oldest first, and where to go on.
std::string exported(const Sql& sql, Place after, int limit);

/// "checkpoint BOOT RECORD SEAL", as the journal has it, against what is stored.
std::string compared(const Sql& sql, const MacKey& key, std::string_view what);

}  // namespace audit_trail
