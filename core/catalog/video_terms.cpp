#include "catalog/video_terms.h"

#include "base/unicode.h"
#include "catalog/video_row.h"

#include <algorithm>
#include <vector>

namespace reeld::catalog {

namespace {

constexpr std::size_t MostTerms = 500;
constexpr std::size_t LongestTerm = 64;  // bytes
constexpr std::size_t LongestTitleKey = 200;
// Raised when words() or what is indexed changes: every video is then indexed anew.
constexpr std::int64_t TermsVersion = 1;

const db::Statement Known{"SELECT term FROM video_terms WHERE video_id = $1 ORDER BY term"};
const db::Statement AddTerm{"INSERT INTO video_terms (video_id, term) VALUES ($1, $2)"};
const db::Statement Drop{"DELETE FROM video_terms WHERE video_id = $1 AND term = $2"};
const db::Statement Stamp{"UPDATE videos SET title_key = $1, terms_version = $2 WHERE id = $3"};
const db::Statement Old =
    selectVideos("WHERE terms_version < $1 ORDER BY terms_version, id LIMIT $2");

/// At most so many bytes, and no half character at the end.
std::string cut(std::string text, std::size_t most) {
  if (text.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) {
      --most;
    }
    text.resize(most);
  }
  return text;
}

void addWords(std::set<std::string>& terms, std::string_view text) {
  for (std::string& word : words(text)) {
    if (terms.size() >= MostTerms) {
      return;
    }
    terms.insert(keptTerm(std::move(word)));
  }
}

}  // namespace

std::string keptTerm(std::string word) { return cut(std::move(word), LongestTerm); }

std::string tagTerm(std::string_view tag) { return "#" + folded(tag); }

std::set<std::string> termsOf(const VideoDraft& draft) {
  std::set<std::string> terms;
  for (const std::string& tag : draft.tags) {
    terms.insert(tagTerm(tag));
  }
  addWords(terms, draft.title);
  addWords(terms, draft.description.value_or(""));
  return terms;
}

void indexVideo(db::Session& session, VideoId id, const VideoDraft& draft) {
  const auto wanted = termsOf(draft);
  std::set<std::string> known;
  for (const db::Row& row : session.query(Known, id)) {
    known.insert(row.text(0));
  }
  for (const std::string& term : wanted) {
    if (!known.contains(term)) {
      session.execute(AddTerm, id, term);
    }
  }
  for (const std::string& term : known) {
    if (!wanted.contains(term)) {
      session.execute(Drop, id, term);
    }
  }
  session.execute(Stamp, cut(folded(draft.title), LongestTitleKey), TermsVersion, id);
}

std::int64_t indexOldVideos(db::Session& session, std::int64_t most) {
  const auto rows = session.query(Old, TermsVersion, most);
  for (const db::Row& row : rows) {
    const Video video = videoOf(row);
    indexVideo(session, video.id, draftOf(video));
  }
  return static_cast<std::int64_t>(rows.size());
}

}  // namespace reeld::catalog
