// The dispatcher's view of the tables outbox and sink_cursors; each function is one transaction.
#pragma once
#include "db/database.h"
#include "db/event_sink.h"

#include <string>
#include <vector>

namespace reeld::db {

/// Gives the next numbers to events that have none, in order of insertion; how many.
std::int64_t numberEvents(Database& database, std::int64_t limit);

/// The seq up to which the sink has taken everything; its cursor is made if it has none.
std::int64_t cursorOf(Database& database, const std::string& sink);
/// Never moves back.
void moveCursor(Database& database, const std::string& sink, std::int64_t seq);

std::vector<DispatchedEvent> eventsAfter(Database& database, std::int64_t seq, std::size_t limit);
/// Numbered events after seq.
std::int64_t countAfter(Database& database, std::int64_t seq);

/// Deletes events up to seq that are older than the age; how many.
std::int64_t deleteEvents(Database& database, std::int64_t up_to_seq, std::int64_t age_ms,
                          std::int64_t limit);

}  // namespace reeld::db
