#include "http/chain_set.h"

namespace reeld::http {

namespace {

std::vector<std::string> namesOf(const Chain& chain) {
  std::vector<std::string> names;
  for (const Interceptor* interceptor : chain.members()) {
    names.emplace_back(interceptor->name());
  }
  return names;
}

}  // namespace

ChainSet::ChainSet(std::span<const ChainPlace> ordered, const Routes& routes) {
  for (const Route& route : routes) {
    chains_.emplace_back(ordered, &route);
  }
  chains_.emplace_back(ordered, nullptr);
}

std::vector<ChainFacts> ChainSet::facts(const Routes& routes) const {
  std::vector<ChainFacts> all;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    all.push_back({std::string(methodName(routes[i].method)), routes[i].pattern, routes[i].group,
                   namesOf(chains_[i])});
  }
  all.push_back({"any", "", RouteGroup::Unmatched, namesOf(chains_.back())});
  return all;
}

}  // namespace reeld::http
