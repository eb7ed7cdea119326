// What the owner of a video is told when the work on it has been given up: a sentence to act on,
// without anything of the inside of this site.
#pragma once
#include "base/error.h"
#include "catalog/video.h"

#include <string>

namespace reeld::processing {

/// `stage` is empty when the daemon that worked on it was gone each time.
catalog::Failure describeFailure(const std::string& stage, const Error& error);

}  // namespace reeld::processing
