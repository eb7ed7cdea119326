#include "catalog/video_search.h"

#include "base/unicode.h"
#include "catalog/video_conditions.h"
#include "catalog/video_row.h"
#include "catalog/video_terms.h"

#include <algorithm>
#include <map>

namespace reeld::catalog {

namespace {

/// A beginning of fewer bytes is a whole word: too many begin like it. (A character of a script
/// without spaces has three.)
constexpr std::size_t ShortestBeginning = 3;
/// No query needs so many words.
constexpr std::size_t MostTerms = 12;
/// Words that begin alike and are read one by one; more of them are read as one range.
constexpr std::int64_t MostAlike = 64;
/// Beyond so many videos a term is common, and it does not matter how common.
constexpr std::int64_t Common = 5000;

struct Term {
  std::string low;
  std::string high;  ///< the first text that does not begin like it; empty for a whole word
};

const db::Statement CountWhole{R"(
  SELECT COUNT(*) FROM (SELECT 1 FROM video_terms WHERE term = $1 LIMIT $2) x)"};
const db::Statement CountBeginning{R"(
  SELECT COUNT(*) FROM (SELECT 1 FROM video_terms WHERE term >= $1 AND term < $2 LIMIT $3) x)"};
// From each word to the next by the index: as many steps as there are words, not videos.
const db::Statement Alike{R"(
  WITH RECURSIVE w (term) AS (
    SELECT MIN(term) FROM video_terms WHERE term >= $1 AND term < $2
    UNION ALL
    SELECT (SELECT MIN(t.term) FROM video_terms t WHERE t.term > w.term AND t.term < $2)
    FROM w WHERE w.term IS NOT NULL)
  SELECT term FROM w WHERE term IS NOT NULL LIMIT $3)"};

/// U+10FFFF: no text goes on with a character beyond it, and byte order is the order of terms.
constexpr std::string_view LastCharacter = "\xf4\x8f\xbf\xbf";

Term beginning(std::string word) {
  std::string kept = keptTerm(word);
  if (kept.size() < word.size() || word.size() < ShortestBeginning) {
    return {std::move(kept), ""};
  }
  return {word, word + std::string(LastCharacter)};
}

std::vector<Term> termsOf(const VideoQuery& query) {
  std::vector<Term> terms;
  if (query.tag) {
    terms.push_back({tagTerm(*query.tag), ""});
  }
  for (std::string& word : words(query.words)) {
    if (terms.size() < MostTerms) {
      terms.push_back(beginning(std::move(word)));
    }
  }
  return terms;
}

std::int64_t countOf(db::Session& session, const Term& term) {
  const auto row = term.high.empty() ? session.find(CountWhole, term.low, Common)
                                     : session.find(CountBeginning, term.low, term.high, Common);
  return row->integer(0);
}

/// Puts the rarest first; false if one of them is nowhere.
bool rarestFirst(db::Session& session, std::vector<Term>& terms) {
  std::int64_t fewest = Common + 1;
  std::size_t rarest = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const std::int64_t count = countOf(session, terms[i]);
    if (count == 0) {
      return false;
    }
    if (count < fewest) {
      fewest = count;
      rarest = i;
    }
  }
  std::swap(terms.front(), terms[rarest]);
  return true;
}

void writeTerm(QueryText& text, const char* column, const Term& term) {
  if (term.high.empty()) {
    (text << column << " = ").bind(term.low);
  } else {
    (text << column << " >= ").bind(term.low) << " AND " << column << " < ";
    text.bind(term.high);
  }
}

class Search {
 public:
  Search(const VideoFilter& filter, const VideoQuery& query, std::vector<Term> terms,
         std::int64_t most)
      : filter_(filter), query_(query), terms_(std::move(terms)), most_(most) {}

  /// Ids in order, `most` of them at most.
  std::vector<VideoId> run(db::Session& session) {
    QueryText text;
    text << "SELECT c.id FROM (";
    writeCandidates(session, text);
    text << ") c";
    if (query_.order == VideoOrder::Created) {
      writeOrder(text, query_, "c.id", "");
    } else {
      text << " JOIN videos v ON v.id = c.id";
      writeOrder(text, query_, orderKey(query_), "v.id");
    }
    (text << " LIMIT ").bind(most_);
    std::vector<VideoId> ids;
    for (const db::Row& row : session.queryText(text.sql(), text.values())) {
      ids.push_back(row.integer(0));
    }
    return ids;
  }

 private:
  void writeCandidates(db::Session& session, QueryText& text) {
    std::vector<Term> whole = {terms_.front()};
    if (!whole.front().high.empty()) {
      const auto rows = session.query(Alike, whole.front().low, whole.front().high, MostAlike + 1);
      if (static_cast<std::int64_t>(rows.size()) > MostAlike) {
        writeVideosOf(text, terms_.front(), true);
        return;
      }
      whole.clear();
      for (const db::Row& row : rows) {
        whole.push_back({row.text(0), ""});
      }
    }
    for (std::size_t i = 0; i < whole.size(); ++i) {
      text << (i == 0 ? "SELECT id FROM (" : " UNION SELECT id FROM (");
      writeVideosOf(text, whole[i], false);
      text << ") u" << std::to_string(i);
    }
  }

  void writeVideosOf(QueryText& text, const Term& term, bool may_repeat) {
    // CROSS JOIN: SQLite keeps the order of the tables then, and reads the term's list.
    text << (may_repeat ? "SELECT DISTINCT" : "SELECT") << " t.video_id AS id FROM video_terms t"
         << " CROSS JOIN videos v WHERE v.id = t.video_id AND ";
    writeTerm(text, "t.term", term);
    text << " AND ";
    writeWanted(text, query_);
    writeVisible(text, filter_);
    for (std::size_t i = 1; i < terms_.size(); ++i) {
      text << " AND EXISTS (SELECT 1 FROM video_terms o WHERE o.video_id = t.video_id AND ";
      writeTerm(text, "o.term", terms_[i]);
      text << ")";
    }
    if (!may_repeat && query_.order == VideoOrder::Created) {
      text << " ORDER BY t.video_id" << (query_.ascending ? " ASC" : " DESC");
      (text << " LIMIT ").bind(most_);
    }
  }

  const VideoFilter& filter_;
  const VideoQuery& query_;
  std::vector<Term> terms_;
  std::int64_t most_;
};

std::vector<Video> load(db::Session& session, const std::vector<VideoId>& ids) {
  QueryText text;
  text << "SELECT " << videoColumns() << " FROM videos v WHERE v.id IN (";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    (text << (i == 0 ? "" : ", ")).bind(ids[i]);
  }
  text << ") ORDER BY v.id";
  std::map<VideoId, Video> found;
  for (db::Row& row : session.queryText(text.sql(), text.values())) {
    Video video = videoOf(std::move(row));
    found.emplace(video.id, std::move(video));
  }
  std::vector<Video> videos;
  for (const VideoId id : ids) {
    if (const auto one = found.find(id); one != found.end()) {
      videos.push_back(std::move(one->second));
    }
  }
  return videos;
}

}  // namespace

VideoPage searchVideos(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                       std::int64_t skip, std::int64_t limit) {
  std::vector<Term> terms = termsOf(query);
  if (terms.empty() || !rarestFirst(session, terms)) {
    return {};
  }
  const std::int64_t most = std::max(CountedUpTo, skip + limit + 1);
  const std::vector<VideoId> ids = Search(filter, query, std::move(terms), most).run(session);
  const auto total = static_cast<std::int64_t>(ids.size());
  VideoPage page{.videos = {}, .total = total, .total_is_exact = total < most};
  const auto from = ids.begin() + std::min(skip, total);
  const std::vector<VideoId> shown(from, from + std::min(limit, ids.end() - from));
  if (!shown.empty()) {
    page.videos = load(session, shown);
  }
  return page;
}

}  // namespace reeld::catalog
