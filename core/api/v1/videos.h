// /api/v1/videos/: list, get, change, delete, restore, status. Creation and upload, which take
// files, are in uploads.cpp.
#pragma once
#include "api/guard.h"
#include "api/shared_pages.h"
#include "catalog/catalog.h"
#include "http/route.h"

namespace reeld::api::v1 {

/// Everything outlives the routes.
http::Routes videoRoutes(const Guard& guard, catalog::Catalog& catalog, SharedPages& pages);

}  // namespace reeld::api::v1
