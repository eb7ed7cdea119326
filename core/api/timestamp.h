// Times as the API prints them: ISO-8601 in UTC with milliseconds and a Z (RFC 3339).
#pragma once
#include <string>

#include "base/clock.h"

namespace reeld::api {

std::string printTime(EpochMs time);

}  // namespace reeld::api
