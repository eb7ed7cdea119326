// Routes of media behind a grant in the path: the grant is checked, the encoding found, and the
// answer made on the event loop from what is in memory, or else on a worker.
#pragma once
#include "api/media_answers.h"
#include "http/route.h"
#include "playback/playback.h"

#include <functional>
#include <optional>
#include <string>

namespace reeld::api {

/// Nothing if what it needs is out of reach.
using MediaAnswer = std::function<std::optional<http::Response>(const http::Exchange&,
                                                                const playback::Media&, Reach)>;

/// `pattern` begins with GrantedBase.
inline const std::string GrantedBase = "/media/g/{grant}/{encoding}/";
http::Route grantedRoute(playback::Playback& playback, std::string pattern, MediaAnswer answer);

const char* cachingOf(const playback::Media& media);
/// What is not there may yet come while the encoding grows; of a complete one it never will: throws
/// NOT_FOUND.
std::nullopt_t missing(const playback::Media& media);

}  // namespace reeld::api
