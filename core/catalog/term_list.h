// All videos that have a term, as a list of ids. Of terms that many videos have, two lists are
// sooner compared here than one is looked up in by the database for each video of the other.
#pragma once
#include "catalog/search_term.h"
#include "catalog/video.h"
#include "db/database.h"

#include <vector>

namespace reeld::catalog {

/// Makes a beginning that only one word has that word: its list is in order of age.
void spellOut(db::Session& session, SearchTerm& term);

/// Ascending, each once.
std::vector<VideoId> videosWith(db::Session& session, const SearchTerm& term);

/// What two such lists have in common.
std::vector<VideoId> inBoth(const std::vector<VideoId>& some, const std::vector<VideoId>& others);

/// Such a list as a table with a column `id`: "SELECT ... AS id".
void writeIds(QueryText& text, db::Dialect dialect, const std::vector<VideoId>& ids);

}  // namespace reeld::catalog
