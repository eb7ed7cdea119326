// Creating videos and sending their files: POST /api/v1/videos/ (JSON, or a form with the file in
// it) and PUT /api/v1/videos/{id}/upload (the file itself, or a form around it). Bodies stream to
// the spool: memory stays flat whatever their length.
#pragma once
#include "api/guard.h"
#include "catalog/catalog.h"
#include "http/route.h"
#include "upload/uploads.h"

namespace reeld::api::v1 {

http::Routes uploadRoutes(const Guard& guard, catalog::Catalog& catalog, upload::Uploads& uploads);

}  // namespace reeld::api::v1
