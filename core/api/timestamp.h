// Times as the API prints them: ISO-8601 in UTC with milliseconds and a Z (RFC 3339).
#pragma once
#include "base/clock.h"

#include <string>

namespace reeld::api {

std::string printTime(EpochMs time);

}  // namespace reeld::api
