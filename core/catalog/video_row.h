// A video as it is selected: the columns in one place, and what a row of them is.
#pragma once
#include "catalog/video.h"
#include "db/database.h"

#include <cstddef>
#include <string>

namespace reeld::catalog {

/// The columns videoOf() reads, from a table called v: "v.id, v.creator_id, ...".
const char* videoColumns() noexcept;
/// What else is selected comes behind them.
inline constexpr std::size_t VideoColumnCount = 22;

Video videoOf(const db::Row& row);

/// SELECT of these columns FROM videos v, and `rest`. For declarations at namespace scope.
db::Statement selectVideos(const std::string& rest);

}  // namespace reeld::catalog
