#include "catalog/search_term.h"

#include "base/error.h"
#include "base/unicode.h"
#include "catalog/video_terms.h"

#include <set>

namespace reeld::catalog {

namespace {

/// A beginning of fewer bytes is a whole word: too many begin like it. (A character of a script
/// without spaces has three.)
constexpr std::size_t ShortestBeginning = 3;
constexpr std::size_t MostWords = 32;
/// Terms are in the order of their bytes, which is that of the code points. The last of these is no
/// letter, digit or mark, so no word has it, and it is text that both engines take.
constexpr const char* LastCodePoint = "\xf4\x8f\xbf\xbf";

SearchTerm termOfWord(const std::string& word) {
  std::string term = keptTerm(word);
  if (term.size() < word.size() || term.size() < ShortestBeginning) {
    return {std::move(term), ""};
  }
  return {term, term + LastCodePoint};
}

}  // namespace

std::vector<SearchTerm> searchTerms(const VideoQuery& query) {
  std::vector<SearchTerm> terms;
  if (query.tag) {
    terms.push_back({tagTerm(*query.tag), ""});
  }
  std::set<std::string> seen;
  for (const std::string& word : words(query.words)) {
    if (seen.insert(word).second) {
      terms.push_back(termOfWord(word));
    }
  }
  if (seen.size() > MostWords) {
    throw Error(
        {Violation{"/q", "must have at most " + std::to_string(MostWords) + " different words"}});
  }
  return terms;
}

void writeTerm(QueryText& text, std::string_view column, const SearchTerm& term) {
  if (term.isWhole()) {
    (text << column << " = ").bind(term.low);
  } else {
    (text << column << " >= ").bind(term.low) << " AND " << column << " < ";
    text.bind(term.high);
  }
}

}  // namespace reeld::catalog
