// Events: rows of the outbox, written in the transaction of the change they tell of. The dispatcher
// (outbox_dispatcher.h) numbers them and hands them to the sinks, each at least once.
#pragma once
#include "db/database.h"

#include <cstdint>
#include <optional>
#include <string>

namespace reeld::db {

struct Event {
  std::string type;  ///< "video.ready"; the list is in core/README.md
  std::optional<std::int64_t> user_id = std::nullopt;  ///< who did it
  std::string subject;                                 ///< "video:17"
  std::string json = "{}";                             ///< an object
};

/// Writes the event in the session's transaction; its id is random and stable.
void record(Session& session, const Event& event);

}  // namespace reeld::db
