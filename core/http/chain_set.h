// Every chain of a site: one per route, and one for what no route matches. Made anew at a reload
// and swapped as a whole; a request goes on with the set it started with.
#pragma once
#include "http/chain.h"
#include "http/router.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::http {

/// A line of `reeldctl plugins chain`.
struct ChainFacts {
  std::string method;   ///< "any" of what has no route
  std::string pattern;  ///< "" of what has no route
  RouteGroup group;
  std::vector<std::string> interceptors;  ///< outermost first
};

class ChainSet {
 public:
  /// Throws as Chain does.
  ChainSet(std::span<const ChainPlace> ordered, const Routes& routes);

  const Chain& of(const Router::Entry* entry) const noexcept {
    return entry == nullptr ? chains_.back() : chains_[entry->index];
  }
  /// Of the routes in their order, last of what has none.
  std::vector<ChainFacts> facts(const Routes& routes) const;

 private:
  std::vector<Chain> chains_;
};

}  // namespace reeld::http
