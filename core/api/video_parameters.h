// What a list of videos is asked for in its query, and the same as text again, for the links to its
// neighbours.
#pragma once
#include "catalog/video_query.h"
#include "http/exchange.h"

#include <string>

namespace reeld::api {

/// q, category, tag, state, creator, paid, deleted and sort; an empty one counts as absent. Throws
/// INVALID with all that is wrong.
catalog::VideoQuery readVideoQuery(const http::Exchange& exchange);

/// "q=big+buck&sort=title": what of the request's query is not the window.
std::string filtersOf(const http::Exchange& exchange);

}  // namespace reeld::api
