// The trail as lines of JSON, newest first, page by page as the client takes them: a trail of any
// length costs the memory of one page, and the first lines come at once.
#pragma once
#include "filter.h"
#include "tables.h"

#include <reeld/cpp/routes.hpp>

#include <optional>

namespace audit_trail {

class Lines final : public reeld::sdk::Rest {
 public:
  Lines(Sql sql, Filter filter) : sql_(std::move(sql)), filter_(std::move(filter)) {}

  /// Writes the next page; false with the last.
  bool write(reeld::sdk::Reply& reply);
  bool more(reeld::sdk::Call, reeld::sdk::Reply& reply) override { return write(reply); }

 private:
  const Sql sql_;
  const Filter filter_;
  std::optional<Entry> last_;  ///< that was written
};

}  // namespace audit_trail
