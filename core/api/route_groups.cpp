#include "api/route_groups.h"

#include "base/error.h"

#include <array>
#include <string>

namespace reeld::api {

namespace {

using http::RouteGroup;

struct Row {
  std::string_view pattern;  ///< of a route; with a slash at its end: of all below it
  RouteGroup group;
};

// What receives a file (Lane::Upload) is an upload, and everything that stands nowhere is the API.
constexpr std::array Rows = {
    Row{"/api/v1/health", RouteGroup::Health},
    Row{"/api/v1/auth/register", RouteGroup::Auth},
    Row{"/api/v1/auth/login", RouteGroup::Auth},
    Row{"/api/v1/auth/refresh", RouteGroup::Auth},
    Row{"/api/v1/auth/activate", RouteGroup::Auth},
    Row{"/api/v1/auth/password/reset", RouteGroup::Auth},
    Row{"/api/v1/auth/password/reset/confirm", RouteGroup::Auth},
    Row{"/api/register", RouteGroup::Auth},
    Row{"/api/login", RouteGroup::Auth},
    Row{"/api/token/refresh", RouteGroup::Auth},
    Row{"/api/activate/{uid}/{token}", RouteGroup::Auth},
    Row{"/api/password_reset", RouteGroup::Auth},
    Row{"/api/password_confirm/{uid}/{token}", RouteGroup::Auth},
    Row{"/api/v1/stream/", RouteGroup::Stream},
    Row{"/media/", RouteGroup::Media},
    Row{"/api/video/{id}/", RouteGroup::Media},
    Row{"/openapi.json", RouteGroup::Docs},
    Row{"/docs", RouteGroup::Docs},
    Row{"/docs/", RouteGroup::Docs},
};

bool isOf(const Row& row, const std::string& pattern) noexcept {
  return row.pattern.ends_with('/') ? pattern.starts_with(row.pattern) : pattern == row.pattern;
}

}  // namespace

void assignGroups(http::Routes& routes) {
  std::array<bool, Rows.size()> used{};
  for (http::Route& route : routes) {
    if (route.lane == http::Lane::Upload) {
      route.group = RouteGroup::Upload;
    }
    for (std::size_t i = 0; i < Rows.size(); ++i) {
      if (isOf(Rows[i], route.pattern)) {
        route.group = Rows[i].group;
        used[i] = true;
      }
    }
  }
  for (std::size_t i = 0; i < Rows.size(); ++i) {
    if (!used[i]) {
      throw Error(ErrorCode::Internal,
                  "no route is called " + std::string(Rows[i].pattern) + ", but it has a group");
    }
  }
}

}  // namespace reeld::api
