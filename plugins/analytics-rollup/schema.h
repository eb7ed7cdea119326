// The tables of the rollup, brought to the version this plugin knows.
#pragma once
#include <reeld/plugin.hpp>

namespace analytics_rollup {

/// Throws for tables of a newer version.
void bringUp(const reeld::sdk::Sql& sql);

}  // namespace analytics_rollup
