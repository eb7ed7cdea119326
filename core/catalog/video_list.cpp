#include "catalog/video_list.h"

#include "catalog/video_conditions.h"
#include "catalog/video_row.h"
#include "catalog/video_search.h"

#include <algorithm>

namespace reeld::catalog {

namespace {

constexpr std::string_view CountedAll =
    "(SELECT CAST(COALESCE(SUM(c.videos), 0) AS BIGINT) FROM video_counts c";

/// No list is longer; sums with it do not overflow.
constexpr std::int64_t Farthest = std::int64_t{1} << 40;

/// What is asked for is one of the numbers that are kept.
bool isCounted(const VideoQuery& query) {
  return !query.deleted && !query.category && !query.creator_id && !query.is_paid;
}

/// A list of two parts: what is READY, and what else its reader has made. Each has its own index.
bool isTwofold(const VideoFilter& filter, const VideoQuery& query) {
  return !filter.all && filter.also_of && !query.state;
}

/// Of a list of one part: who may see what.
void writeOnlyPart(QueryText& text, const VideoFilter& filter, const VideoQuery& query) {
  writeWanted(text, query);
  if (filter.all) {
    return;
  }
  if (query.state && *query.state != VideoState::Ready) {
    // No user has id 0: nobody sees what is unready and not his own.
    (text << " AND v.creator_id = ").bind(filter.also_of.value_or(0));
  } else {
    writeReady(text);
  }
}

void writeCounted(QueryText& text, const VideoFilter& filter, const VideoQuery& query) {
  text << CountedAll;
  if (query.state) {
    text << " WHERE c.state = '" << word(*query.state) << "'";
  } else if (!filter.all) {
    text << " WHERE c.state = 'READY'";
  }
  text << ")";
  if (isTwofold(filter, query)) {
    text << " + (SELECT COUNT(*) FROM videos v WHERE ";
    writeWanted(text, query);
    writeUnreadyOf(text, *filter.also_of);
    text << ")";
  }
}

/// Rows of one part, as far as they matter: " FROM videos v WHERE ... LIMIT".
void writeCountedPart(QueryText& text, const VideoFilter& filter, const VideoQuery& query,
                      bool own_part, std::int64_t most) {
  text << "(SELECT COUNT(*) FROM (SELECT 1 FROM videos v WHERE ";
  if (own_part) {
    writeWanted(text, query);
    writeUnreadyOf(text, *filter.also_of);
  } else if (isTwofold(filter, query)) {
    writeWanted(text, query);
    writeReady(text);
  } else {
    writeOnlyPart(text, filter, query);
  }
  (text << " LIMIT ").bind(most) << ") x)";
}

/// The number as an expression. Exact, or `most` if there are so many or more.
void writeTotal(QueryText& text, const VideoFilter& filter, const VideoQuery& query,
                std::int64_t most) {
  const bool sees_all_of_state = filter.all || !query.state || *query.state == VideoState::Ready;
  if (isCounted(query) && sees_all_of_state) {
    writeCounted(text, filter, query);
    return;
  }
  writeCountedPart(text, filter, query, false, most);
  if (isTwofold(filter, query)) {
    text << " + ";
    writeCountedPart(text, filter, query, true, most);
  }
}

/// The usual numbers as literals: for a limit it cannot see PostgreSQL expects a tenth of the
/// table, and so plans the statement anew at every execution.
void writeLimit(QueryText& text, std::int64_t most) {
  constexpr std::int64_t Usual = 200;
  if (most <= Usual) {
    text << " LIMIT " << std::to_string(most);
  } else {
    (text << " LIMIT ").bind(most);
  }
}

void writePart(QueryText& text, const VideoFilter& filter, const VideoQuery& query, bool own_part,
               std::int64_t most) {
  // Whole rows: a join with the table behind it would tempt PostgreSQL to read all of that.
  text << "SELECT * FROM (SELECT v.*, " << orderKey(query) << " AS k FROM videos v WHERE ";
  writeWanted(text, query);
  own_part ? writeUnreadyOf(text, *filter.also_of) : writeReady(text);
  writeOrder(text, query, orderKey(query), "v.id");
  writeLimit(text, most);
  text << ")" << (own_part ? " o" : " r");
}

void writePage(QueryText& text, const VideoFilter& filter, const VideoQuery& query,
               std::int64_t skip, std::int64_t limit) {
  if (isTwofold(filter, query)) {
    text << " FROM (";
    writePart(text, filter, query, false, skip + limit);
    text << " UNION ALL ";
    writePart(text, filter, query, true, skip + limit);
    text << ") v";
    writeOrder(text, query, "v.k", "v.id");
  } else {
    text << " FROM videos v WHERE ";
    writeOnlyPart(text, filter, query);
    writeOrder(text, query, orderKey(query), "v.id");
  }
  writeLimit(text, limit);
  if (skip > 0) {
    (text << " OFFSET ").bind(skip);
  }
}

std::int64_t totalAlone(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                        std::int64_t most) {
  QueryText text;
  text << "SELECT ";
  writeTotal(text, filter, query, most);
  return session.queryText(text.sql(), text.values()).at(0).integer(0);
}

}  // namespace

bool isOneStatement(const VideoQuery& query, std::int64_t skip, std::int64_t limit) noexcept {
  // A first page that is empty has nothing to count.
  return query.words.empty() && !query.tag && skip == 0 && limit > 0;
}

VideoPage listVideos(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                     std::int64_t skip, std::int64_t limit) {
  skip = std::min(skip, Farthest);
  if (!query.words.empty() || query.tag) {
    return searchVideos(session, filter, query, skip, limit);
  }
  // One more than the page shows: then it is known whether another follows.
  const std::int64_t most = std::max(CountedUpTo, skip + limit + 1);
  QueryText text;
  text << "SELECT " << videoColumns() << ", ";
  writeTotal(text, filter, query, most);
  writePage(text, filter, query, skip, limit);
  const auto rows = session.queryText(text.sql(), text.values());
  VideoPage page;
  page.videos.reserve(rows.size());
  if (!rows.empty()) {
    page.total = rows.front().integer(VideoColumnCount);
    for (const db::Row& row : rows) {
      page.videos.push_back(videoOf(row));
    }
  } else if (!isOneStatement(query, skip, limit)) {
    page.total = totalAlone(session, filter, query, most);
  }
  page.total_is_exact = isCounted(query) || page.total < most;
  return page;
}

}  // namespace reeld::catalog
