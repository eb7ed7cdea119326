// What is searched for, as ranges of the terms that videos have (video_terms.h): a tag, whole
// words, beginnings of words.
#pragma once
#include "catalog/query_text.h"
#include "catalog/video_query.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::catalog {

struct SearchTerm {
  std::string low;
  std::string high;  ///< greater than all that begin like it; empty for a whole word

  bool isWhole() const noexcept { return high.empty(); }
};

/// Each once. More words than a search may have are refused, at /q.
std::vector<SearchTerm> searchTerms(const VideoQuery& query);

/// "t.term = $1", or the range.
void writeTerm(QueryText& text, std::string_view column, const SearchTerm& term);

}  // namespace reeld::catalog
