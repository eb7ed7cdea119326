// Makes routes of the three common forms: one whose handler gets the viewer, one whose handler gets
// a JSON object besides, and one that anybody may call. The syntax of the body is judged before the
// credential, its values after it.
#pragma once
#include "api/guard.h"
#include "base/json.h"
#include "http/route.h"

#include <functional>
#include <string>

namespace reeld::api {

using ViewerHandler = std::function<http::Response(http::Exchange&, const users::Viewer&)>;
http::Route endpoint(http::Method method, std::string pattern, http::Access access,
                     ViewerHandler handler);

using JsonHandler =
    std::function<http::Response(http::Exchange&, const users::Viewer&, const Json&)>;
http::Route jsonEndpoint(const Guard& guard, http::Method method, std::string pattern,
                         http::Access access, JsonHandler handler);

/// A route that anybody may call, without a credential or with one that its handler looks at.
http::Route openRoute(http::Method method, std::string pattern, http::Lane lane,
                      std::function<http::Response(http::Exchange&)> handler);
/// The same in two steps: what `prepare` leaves to do runs in the lane (http/route.h).
http::Route preparedRoute(http::Method method, std::string pattern, http::Lane lane,
                          std::function<http::Prepared(http::Exchange&)> prepare);

}  // namespace reeld::api
