#include "catalog/term_list.h"

#include "base/error.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>

namespace reeld::catalog {

namespace {

// Each by itself: then SQLite looks at the ends of the index alone.
const db::Statement Ends{R"(
  SELECT (SELECT MIN(term) FROM video_terms WHERE term >= $1 AND term < $2),
         (SELECT MAX(term) FROM video_terms WHERE term >= $1 AND term < $2))"};

/// "3,5,8"
std::vector<VideoId> parseIds(std::string_view text) {
  constexpr std::size_t Usual = 6;  // bytes of an id and its comma
  std::vector<VideoId> ids;
  ids.reserve(text.size() / Usual);
  for (const char *at = text.data(), *end = at + text.size(); at < end; ++at) {
    const auto [next, error] = std::from_chars(at, end, ids.emplace_back());
    if (error != std::errc()) {
      throw Error(ErrorCode::Internal, "a list of videos is not one of numbers");
    }
    at = next;
  }
  return ids;
}

std::string printIds(const std::vector<VideoId>& ids) {
  std::string text;
  for (const VideoId id : ids) {
    text += (text.empty() ? "" : ",") + std::to_string(id);
  }
  return text;
}

}  // namespace

void spellOut(db::Session& session, SearchTerm& term) {
  if (term.isWhole()) {
    return;
  }
  const auto ends = session.find(Ends, term.low, term.high);
  if (!ends->isNull(0) && ends->view(0) == ends->view(1)) {
    term = {ends->text(0), ""};
  }
}

// One text and not a row for each: fifty thousand rows cost both sides ten times as much.
std::vector<VideoId> videosWith(db::Session& session, const SearchTerm& term) {
  QueryText text;
  text << (session.dialect() == db::Dialect::Postgres
               ? "SELECT string_agg(CAST(x.video_id AS TEXT), ',')"
               : "SELECT group_concat(x.video_id, ',')")
       << " FROM (SELECT video_id FROM video_terms WHERE ";
  writeTerm(text, "term", term);
  text << " ORDER BY term, video_id) x";  // as the index has them
  const db::Rows rows = session.queryText(text.sql(), text.values());
  if (rows.at(0).isNull(0)) {
    return {};
  }
  std::vector<VideoId> ids = parseIds(rows.at(0).view(0));
  // Of a beginning there is one list after another, and a video may be in several.
  if (!std::is_sorted(ids.begin(), ids.end())) {
    std::sort(ids.begin(), ids.end());
  }
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<VideoId> inBoth(const std::vector<VideoId>& some, const std::vector<VideoId>& others) {
  std::vector<VideoId> both;
  std::set_intersection(some.begin(), some.end(), others.begin(), others.end(),
                        std::back_inserter(both));
  return both;
}

void writeIds(QueryText& text, db::Dialect dialect, const std::vector<VideoId>& ids) {
  if (dialect == db::Dialect::Postgres) {
    (text << "SELECT unnest(CAST(string_to_array(").bind(printIds(ids))
        << ", ',') AS BIGINT[])) AS id";
  } else {
    (text << "SELECT j.value AS id FROM json_each('[' || ").bind(printIds(ids)) << " || ']') j";
  }
}

}  // namespace reeld::catalog
