// /api/v1/videos/{id}/poster: a picture of the owner's in place of the one made of a frame.
#pragma once
#include "http/route.h"
#include "upload/posters.h"

namespace reeld::api::v1 {

http::Routes posterRoutes(upload::Posters& posters);

}  // namespace reeld::api::v1
