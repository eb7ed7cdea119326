// The report "summary": sums of one video, of one creator's videos or of all, over some days.
#pragma once
#include <reeld/plugin.hpp>

#include <string>
#include <string_view>

namespace analytics_rollup {

/// For {"creator_id": 5, "from": "2026-11-01", "to": "2026-11-29", "top": 10}; with a video_id
/// beside it of that video of his, without either of all. Throws Failure INVALID with the pointer
/// of what is wrong.
std::string summaryOf(const reeld::sdk::Sql& sql, std::string_view params);

}  // namespace analytics_rollup
