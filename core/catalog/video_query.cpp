#include "catalog/video_query.h"

#include <algorithm>
#include <array>

namespace reeld::catalog {

bool setOrder(VideoQuery& query, std::string_view word) noexcept {
  struct Named {
    std::string_view name;
    VideoOrder order;
  };
  constexpr std::array<Named, 3> Orders = {{{"created", VideoOrder::Created},
                                            {"updated", VideoOrder::Updated},
                                            {"title", VideoOrder::Title}}};
  const bool ascending = !word.starts_with('-');
  word.remove_prefix(ascending ? 0 : 1);
  const auto found = std::find_if(Orders.begin(), Orders.end(),
                                  [&](const Named& one) { return one.name == word; });
  if (found == Orders.end()) {
    return false;
  }
  query.order = found->order;
  query.ascending = ascending;
  return true;
}

}  // namespace reeld::catalog
