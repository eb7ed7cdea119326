// /api/v1/videos/: list, get, change, delete, restore, status. Creation and upload, which take
// files, are in uploads.cpp.
#pragma once
#include "api/guard.h"
#include "catalog/catalog.h"
#include "http/route.h"

namespace reeld::api::v1 {

http::Routes videoRoutes(const Guard& guard, catalog::Catalog& catalog);

}  // namespace reeld::api::v1
