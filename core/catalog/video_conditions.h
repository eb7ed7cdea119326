// The conditions and the order of a list as SQL, for lists and searches alike; the table is v.
#pragma once
#include "catalog/query_text.h"
#include "catalog/video_query.h"

namespace reeld::catalog {

/// What is asked for, and nothing of who may see it: "v.deleted_at IS NULL AND ...".
void writeWanted(QueryText& text, const VideoQuery& query);

/// " AND v.state = 'READY'" in the words of the partial indexes.
void writeReady(QueryText& text);
/// The others of one creator.
void writeUnreadyOf(QueryText& text, std::int64_t creator_id);
/// Both in one, for rows that are found in another way already.
void writeVisible(QueryText& text, const VideoFilter& filter);

/// "v.title_key", or what else the order goes by.
std::string_view orderKey(const VideoQuery& query) noexcept;
/// " ORDER BY ... DESC": `key` and then `id`, the names they have where this stands.
void writeOrder(QueryText& text, const VideoQuery& query, std::string_view key,
                std::string_view id);

}  // namespace reeld::catalog
