// The short answers of the Videoflix surface: one text under the key its pages read.
#pragma once
#include "http/route.h"

#include <functional>
#include <string>
#include <string_view>

namespace reeld::api::videoflix {

/// {"detail": "text"}
http::Response detail(std::string_view text, int status = 200);
/// {"message": "text"}
http::Response message(std::string_view text, int status = 200);

/// A route that anybody may call, without a credential or with one that its handler looks at.
http::Route openRoute(http::Method method, std::string pattern, http::Lane lane,
                      std::function<http::Response(http::Exchange&)> handler);

}  // namespace reeld::api::videoflix
