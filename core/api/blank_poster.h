// The picture of a video that has none: pages show it instead of a broken image.
#pragma once
#include "http/exchange.h"

namespace reeld::api {

/// A JPEG of one dark colour in the shape of a film, 32 x 18.
http::SharedText blankPoster();

}  // namespace reeld::api
