// The tables of the trail, brought up when the plugin starts.
#pragma once
#include <reeld/cpp/sql.hpp>

namespace audit_trail {

/// Makes what is missing; of several daemons at once one does. Throws Failure INVALID for tables of
/// a later version.
void bringUp(const reeld::sdk::Sql& sql);

}  // namespace audit_trail
