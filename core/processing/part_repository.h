// The jobs of one encoding, taken together.
#pragma once
#include "base/json.h"
#include "db/database.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::processing {

/// Of the encoding's jobs, how many wait or run.
std::int64_t countOpenParts(db::Session& session, std::int64_t encoding_id);
/// Results of the encoding's completed jobs, oldest first.
std::vector<std::string> partResults(db::Session& session, std::int64_t encoding_id);
/// A job that was given up.
struct DiscardedPart {
  Json args;
  std::string last_error;
};
/// Of the encoding's jobs of this kind, oldest first.
std::vector<DiscardedPart> discardedParts(db::Session& session, std::int64_t encoding_id,
                                          std::string_view kind);
/// Waiting jobs of the encoding are cancelled, running ones told to stop.
void cancelParts(db::Session& session, std::int64_t encoding_id);

}  // namespace reeld::processing
