// Which group each route of the site belongs to, as one table: what administrators name in
// `interceptors` and what limits and audits go by.
#pragma once
#include "http/route.h"

namespace reeld::api {

/// Sets Route::group of every route. Throws Error INTERNAL for a row that no route answers to.
void assignGroups(http::Routes& routes);

}  // namespace reeld::api
