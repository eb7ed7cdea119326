// Storyboards as rows. Invariant: the rows are written after all sheets are stored.
#pragma once
#include "db/database.h"
#include "processing/storyboard.h"

#include <optional>

namespace reeld::processing {

/// In the place of what an earlier job noted. The caller is fenced.
void putStoryboard(db::Session& session, EncodingId encoding, const Storyboard& board);
/// Also one that was not made, with its note; nothing as long as nobody has tried.
std::optional<Storyboard> storyboardOf(db::Session& session, EncodingId encoding);
void dropStoryboard(db::Session& session, EncodingId encoding);

}  // namespace reeld::processing
