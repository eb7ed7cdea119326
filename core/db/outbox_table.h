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
/// What a sink has to take until it has everything that was committed before this was asked.
struct OutboxMark {
  std::int64_t id = 0;   ///< events up to this one are numbered first
  std::int64_t seq = 0;  ///< then events up to this number are taken; 0 = not known yet
};
OutboxMark outboxMark(Database& database);
/// Whether the sink has come that far; fills in the number once it is known.
bool isTaken(Database& database, const std::string& sink, OutboxMark& mark);

/// Numbered events after seq.
std::int64_t countAfter(Database& database, std::int64_t seq);

/// Deletes events up to seq that are older than the age; how many.
std::int64_t deleteEvents(Database& database, std::int64_t up_to_seq, std::int64_t age_ms,
                          std::int64_t limit);

}  // namespace reeld::db
