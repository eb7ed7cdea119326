// What became of each track of a title's sound, in sentences for administrators.
#pragma once
#include "db/database.h"
#include "processing/encoding.h"

#include <string>
#include <vector>

namespace reeld::processing {

/// None of a title that has but one track, and nothing left out.
std::vector<std::string> tellSounds(db::Session& session, const Encoding& encoding);

}  // namespace reeld::processing
