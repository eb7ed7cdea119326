// The short answers of the Videoflix surface: one text under the key its pages read.
#pragma once
#include "api/endpoint.h"

#include <string_view>

namespace reeld::api::videoflix {

/// {"detail": "text"}
http::Response detail(std::string_view text, int status = 200);
/// {"message": "text"}
http::Response message(std::string_view text, int status = 200);

}  // namespace reeld::api::videoflix
