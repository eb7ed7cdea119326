// The tags of a video: short texts of its owner's choice, shown as they were given and found
// without regard to case.
#pragma once
#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::catalog {

using Tags = std::vector<std::string>;

/// As they are stored: without spaces around them, without empty ones, and of those that differ in
/// case alone the first.
Tags tidied(const Tags& tags);

/// What is wrong with tidied tags, at /tags or the tag itself.
void checkTags(std::vector<Violation>& violations, const Tags& tags);

/// "rust, systems programming": how a form, which has no lists, gives tags.
Tags splitTags(std::string_view commas);

std::string printTags(const Tags& tags);  ///< a JSON array
Tags parseTags(std::string_view json);    ///< what printTags() made

}  // namespace reeld::catalog
