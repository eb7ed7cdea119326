// POST /api/v1/videos/{id}/requeue and …/reprocess: the work on a source, asked for again.
#pragma once
#include "catalog/rework.h"
#include "http/route.h"

namespace reeld::api::v1 {

http::Routes reworkRoutes(catalog::Rework& rework);

}  // namespace reeld::api::v1
