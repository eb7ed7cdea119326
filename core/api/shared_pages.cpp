#include "api/shared_pages.h"

#include <memory>
#include <utility>

namespace reeld::api {

bool SharedPages::isFresh(const Moment& read_at) const noexcept {
  return read_at.epoch == epoch_ && clock_.monotonicMs() - read_at.at < FreshMs;
}

std::optional<http::Response> SharedPages::find(std::string_view query) const {
  if (query.size() > LongestQuery) {
    return std::nullopt;
  }
  const std::string key(query);
  return pages_.with([&](const Pages& pages) -> std::optional<http::Response> {
    const auto found = pages.find(key);
    return found != pages.end() && isFresh(found->second.read_at)
               ? std::optional(found->second.response)
               : std::nullopt;
  });
}

http::Response SharedPages::keep(std::string_view query, Moment read_at, http::Response page) {
  auto& text = std::get<std::string>(page.body);
  if (query.size() > LongestQuery || text.size() > LargestPage) {
    return page;
  }
  page.body = std::make_shared<const std::string>(std::move(text));
  pages_.with([&](Pages& pages) {
    if (pages.size() >= MostPages) {
      std::erase_if(pages, [&](const auto& one) { return !isFresh(one.second.read_at); });
    }
    if (pages.size() >= MostPages) {
      pages.clear();
    }
    pages.insert_or_assign(std::string(query), Page{page, read_at});
  });
  return page;
}

}  // namespace reeld::api
