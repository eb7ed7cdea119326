#include "catalog/video_search.h"

#include "catalog/search_term.h"
#include "catalog/term_list.h"
#include "catalog/video_conditions.h"
#include "catalog/video_row.h"

#include <algorithm>
#include <map>

namespace reeld::catalog {

namespace {

/// A list of so many videos is read as a whole; of a longer one its length does not matter.
constexpr std::int64_t Few = 4000;
/// So many candidates are looked at in the order of the page before a whole list is (of terms that
/// seem never to meet a tenth): newest first those of a whole word lie together; in other orders,
/// and where each video is asked for a beginning of words, each is elsewhere. What is not Few is
/// found often enough among them to fill a page.
constexpr std::int64_t WalkedByAge = 3000;
constexpr std::int64_t WalkedElsewise = 1500;
/// To look a term up for so many videos costs about as much as to read the list of a common word,
constexpr std::size_t LookedUp = 1000;
/// and for one of them as much as to read so many rows: a beginning may have many a video.
constexpr std::size_t RowsPerLook = 50;

const db::Statement CountWhole{R"(
  SELECT COUNT(*) FROM (SELECT 1 FROM video_terms WHERE term = $1 LIMIT $2) x)"};
const db::Statement CountBeginning{R"(
  SELECT COUNT(*) FROM (SELECT 1 FROM video_terms WHERE term >= $1 AND term < $2 LIMIT $3) x)"};

/// Up to one more than `most`.
std::int64_t countOf(db::Session& session, const SearchTerm& term, std::int64_t most) {
  const auto row = term.isWhole() ? session.find(CountWhole, term.low, most + 1)
                                  : session.find(CountBeginning, term.low, term.high, most + 1);
  return row->integer(0);
}

std::int64_t countOf(db::Session& session, const VideoQuery& narrow) {
  QueryText text;
  text << "SELECT COUNT(*) FROM (SELECT 1 FROM videos v WHERE ";
  writeWanted(text, narrow);
  (text << " LIMIT ").bind(Few + 1) << ") x";
  return session.queryText(text.sql(), text.values()).at(0).integer(0);
}

/// Each condition alone that has an index of its own.
std::vector<VideoQuery> narrowed(const VideoFilter& filter, const VideoQuery& query) {
  std::vector<VideoQuery> all;
  const auto add = [&](bool is_asked, auto change) {
    if (is_asked) {
      change(all.emplace_back());
    }
  };
  if (query.deleted) {
    add(true, [](VideoQuery& one) { one.deleted = true; });
    return all;
  }
  add(query.category.has_value(), [&](VideoQuery& one) { one.category = query.category; });
  add(query.creator_id.has_value(), [&](VideoQuery& one) { one.creator_id = query.creator_id; });
  add(query.is_paid.has_value(), [&](VideoQuery& one) { one.is_paid = query.is_paid; });
  add(query.state.has_value(), [&](VideoQuery& one) { one.state = query.state; });
  add(!query.state && !filter.all && !filter.also_of,
      [](VideoQuery& one) { one.state = VideoState::Ready; });
  return all;
}

class Search {
 public:
  Search(const VideoFilter& filter, const VideoQuery& query, std::vector<SearchTerm> terms,
         std::int64_t most)
      : filter_(filter), query_(query), terms_(std::move(terms)), most_(most) {}

  /// Ids in order, `most` of them at most. Complete, unless there are `enough`.
  std::vector<VideoId> run(db::Session& session, std::int64_t enough) {
    std::int64_t fewest = Few + 1;
    std::size_t rarest = 0;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      const std::int64_t count = countOf(session, terms_[i], Few);
      if (count < fewest) {
        fewest = count;
        rarest = i;
      }
      if (count == 0) {
        return {};
      }
    }
    std::swap(terms_.front(), terms_[rarest]);
    if (fewest <= Few) {
      return gatherByTerm(session);
    }
    for (const VideoQuery& narrow : narrowed(filter_, query_)) {
      if (countOf(session, narrow) <= Few) {
        return gatherByCondition(session, narrow);
      }
    }
    for (SearchTerm& term : terms_) {
      spellOut(session, term);
    }
    // Whole words first: those that have one are a list in order of age.
    std::stable_partition(terms_.begin(), terms_.end(),
                          [](const SearchTerm& term) { return term.isWhole(); });
    const bool may_walk = enough <= walked();
    const bool walks_first = may_walk && (terms_.size() == 1 || promises(session));
    if (walks_first && fillByWalk(session, enough)) {
      return std::move(page_);
    }
    if (terms_.size() == 1) {
      return gatherByTerm(session);
    }
    std::size_t compared = 1;
    const std::vector<VideoId> common = commonTo(session, compared);
    if (may_walk && !walks_first && static_cast<std::int64_t>(common.size()) > Few &&
        fillByWalk(session, enough)) {
      return std::move(page_);
    }
    return common.empty() ? common : gatherOf(session, common, compared);
  }

  /// Whether run() stopped with enough, and there may be more.
  bool stopped() const noexcept { return stopped_; }

 private:
  std::vector<VideoId> ask(db::Session& session, QueryText& text) const {
    (text << " LIMIT ").bind(most_);
    std::vector<VideoId> ids;
    for (const db::Row& row : session.queryText(text.sql(), text.values())) {
      ids.push_back(row.integer(0));
    }
    return ids;
  }

  std::int64_t walked() const noexcept { return isListOfAge() ? WalkedByAge : WalkedElsewise; }

  /// What is walked is the list of a whole word.
  bool isListOfAge() const noexcept {
    return query_.order == VideoOrder::Created && terms_.front().isWhole();
  }

  /// Whether the terms meet at all in the first candidates. If not, they most likely seldom do, and
  /// are gathered: to walk in vain costs half as much again.
  bool promises(db::Session& session) const {
    return !walk(session, walked() / 10, Looks::AtTerms).empty();
  }
  bool fillByWalk(db::Session& session, std::int64_t enough) {
    page_ = walk(session, walked(), Looks::AtAll);
    stopped_ = static_cast<std::int64_t>(page_.size()) >= enough;
    return stopped_;
  }

  enum class Looks { AtTerms, AtAll };
  /// The first `count` candidates in the order of the page, each looked at.
  std::vector<VideoId> walk(db::Session& session, std::int64_t count, Looks looks) const {
    const bool at_all = looks == Looks::AtAll;
    QueryText text;
    if (isListOfAge()) {
      text << "SELECT w.id FROM (SELECT t.video_id AS id FROM video_terms t WHERE ";
      writeTerm(text, "t.term", terms_.front());
      writeOrder(text, query_, "t.video_id", "");
      (text << " LIMIT ").bind(count) << ") w WHERE ";
      if (at_all) {
        text << "(SELECT 1";
        writeVideo(text, "w.id");
        text << ") IS NOT NULL";
      }
      writeTerms(text, at_all ? " AND" : "", "w.id", 1);
      writeOrder(text, query_, "w.id", "");
    } else {
      text << "SELECT v.id FROM (SELECT v.id, v.creator_id, v.category, v.is_paid, v.state,"
           << " v.deleted_at, v.purge_started_at, v.title_key, v.updated_at FROM videos v WHERE "
           << (query_.deleted ? "v.deleted_at IS NOT NULL" : "v.deleted_at IS NULL");
      writeOrder(text, query_, orderKey(query_), "v.id");
      (text << " LIMIT ").bind(count) << ") v WHERE ";
      if (at_all) {
        writeWanted(text, query_);
        writeVisible(text, filter_);
      }
      writeTerms(text, at_all ? " AND" : "", "v.id", 0);
      writeOrder(text, query_, orderKey(query_), "v.id");
    }
    return ask(session, text);
  }

  /// By the rarest term; the others are looked up.
  std::vector<VideoId> gatherByTerm(db::Session& session) const {
    QueryText text;
    text << "WITH c AS MATERIALIZED (SELECT t.id FROM (SELECT "
         << (terms_.front().isWhole() ? "" : "DISTINCT ")
         << "video_id AS id FROM video_terms WHERE ";
    writeTerm(text, "term", terms_.front());
    text << ") t";
    writeTerms(text, " WHERE", "t.id", 1);
    return gather(session, text);
  }

  /// What the lists of the terms have in common, until that is short enough, or the next list long
  /// enough, to look up the rest: `compared` is how many have been.
  std::vector<VideoId> commonTo(db::Session& session, std::size_t& compared) const {
    std::vector<VideoId> ids = videosWith(session, terms_.front());
    while (compared < terms_.size() && ids.size() > LookedUp) {
      const auto most = static_cast<std::int64_t>(ids.size() * RowsPerLook);
      if (!terms_[compared].isWhole() && countOf(session, terms_[compared], most) > most) {
        break;
      }
      ids = inBoth(ids, videosWith(session, terms_[compared++]));
    }
    return ids;
  }

  std::vector<VideoId> gatherOf(db::Session& session, const std::vector<VideoId>& ids,
                                std::size_t compared) const {
    QueryText text;
    text << "WITH c AS MATERIALIZED (SELECT t.id FROM (";
    writeIds(text, session.dialect(), ids);
    text << ") t";
    writeTerms(text, " WHERE", "t.id", compared);
    return gather(session, text);
  }

  std::vector<VideoId> gatherByCondition(db::Session& session, const VideoQuery& narrow) const {
    QueryText text;
    text << "WITH c AS MATERIALIZED (SELECT t.id FROM (SELECT v.id FROM videos v WHERE ";
    writeWanted(text, narrow);
    text << ") t";
    writeTerms(text, " WHERE", "t.id", 0);
    return gather(session, text);
  }

  /// All that `c`, which `text` begins, has of what is wanted.
  std::vector<VideoId> gather(db::Session& session, QueryText& text) const {
    text << "), found AS MATERIALIZED (SELECT c.id, (SELECT " << orderKey(query_);
    writeVideo(text, "c.id");
    text << ") AS k FROM c) SELECT id FROM found WHERE k IS NOT NULL";
    writeOrder(text, query_, "k", "id");
    return ask(session, text);
  }

  // Subqueries for one value each: a join would tempt PostgreSQL to read all of the other table.
  // `id` must not be a column of a table named v, which is another one inside.
  void writeVideo(QueryText& text, std::string_view id) const {
    text << " FROM videos v WHERE v.id = " << id << " AND ";
    writeWanted(text, query_);
    writeVisible(text, filter_);
  }
  void writeTerms(QueryText& text, std::string_view joint, std::string_view id,
                  std::size_t from) const {
    for (std::size_t i = from; i < terms_.size(); ++i) {
      text << (i == from ? joint : " AND")
           << " (SELECT 1 FROM video_terms o WHERE o.video_id = " << id << " AND ";
      writeTerm(text, "o.term", terms_[i]);
      text << " LIMIT 1) IS NOT NULL";
    }
  }

  const VideoFilter& filter_;
  const VideoQuery& query_;
  std::vector<SearchTerm> terms_;
  std::int64_t most_;
  std::vector<VideoId> page_;  ///< that a walk has filled
  bool stopped_ = false;
};

/// In that order, those that are wanted and may be seen: whatever the plan that found them.
std::vector<Video> load(db::Session& session, const VideoFilter& filter, const VideoQuery& query,
                        const std::vector<VideoId>& ids) {
  QueryText text;
  text << "SELECT " << videoColumns() << " FROM videos v WHERE v.id IN (";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    (text << (i == 0 ? "" : ", ")).bind(ids[i]);
  }
  text << ") AND ";
  writeWanted(text, query);
  writeVisible(text, filter);
  text << " ORDER BY v.id";
  std::map<VideoId, Video> found;
  for (const db::Row& row : session.queryText(text.sql(), text.values())) {
    Video video = videoOf(row);
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
  std::vector<SearchTerm> terms = searchTerms(query);
  if (terms.empty()) {
    return {};
  }
  // One more than the page shows: then it is known whether another follows.
  const std::int64_t enough = skip + limit + 1;
  const std::int64_t most = std::max(CountedUpTo, enough);
  Search search(filter, query, std::move(terms), most);
  const std::vector<VideoId> ids = search.run(session, enough);
  const auto total = static_cast<std::int64_t>(ids.size());
  VideoPage page{.videos = {}, .total = total, .total_is_exact = !search.stopped() && total < most};
  const auto from = ids.begin() + std::min(skip, total);
  const std::vector<VideoId> shown(from, from + std::min(limit, ids.end() - from));
  if (!shown.empty()) {
    page.videos = load(session, filter, query, shown);
  }
  return page;
}

}  // namespace reeld::catalog
