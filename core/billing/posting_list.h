// The postings of the ledger one by one, for whoever books them elsewhere.
#pragma once
#include "base/clock.h"
#include "db/database.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::billing {

struct Posting {
  std::int64_t id = 0;
  std::string entry;
  std::int64_t order = 0;
  std::string account;  ///< clearing, creator, platform, pool
  std::optional<std::int64_t> user;
  std::int64_t amount_minor = 0;
  std::string currency;
  std::int64_t rate_bp = 0;
  EpochMs at = 0;
};

/// Those behind that id, oldest first.
std::vector<Posting> listPostings(db::Session& session, std::int64_t after, std::int64_t limit);

}  // namespace reeld::billing
