#include "db/outbox_table.h"

namespace reeld::db {

namespace {

/// The cursor that holds the last number given, so that numbers go on when all events are deleted.
/// No instance has such a name.
const char* const Numbering = "*numbering*";

const Statement EnsureCursor(R"(
  INSERT INTO sink_cursors (sink, seq, updated_at) VALUES ($1, 0, {NOW}) ON CONFLICT DO NOTHING)");
const Statement SelectCursor("SELECT seq FROM sink_cursors WHERE sink = $1");
const Statement UpdateCursor(
    "UPDATE sink_cursors SET seq = $1, updated_at = {NOW} WHERE sink = $2 AND seq < $1");
const Statement NumberRows(R"(
  UPDATE outbox SET seq = numbered.seq
  FROM (SELECT waiting.id AS id, CAST($1 AS BIGINT) + ROW_NUMBER() OVER (ORDER BY waiting.id) AS seq
        FROM (SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT $2) waiting) numbered
  WHERE outbox.id = numbered.id)");
const Statement FindWaiting("SELECT 1 FROM outbox WHERE seq IS NULL LIMIT 1");
const Statement SelectAfter(R"(
  SELECT seq, event_id, type, user_id, subject, json, created_at
  FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2)");
const Statement LastId("SELECT COALESCE(MAX(id), 0) FROM outbox");
const Statement FindWaitingUpTo("SELECT 1 FROM outbox WHERE seq IS NULL AND id <= $1 LIMIT 1");
const Statement CountAfter("SELECT COUNT(*) FROM outbox WHERE seq > $1");
const Statement DeleteOld(R"(
  DELETE FROM outbox WHERE id IN
    (SELECT id FROM outbox WHERE seq <= $1 AND created_at < {NOW} - $2 ORDER BY seq LIMIT $3))");

std::int64_t cursorIn(Session& session, const std::string& sink) {
  session.execute(EnsureCursor, sink);
  return session.query(SelectCursor, sink).at(0).integer(0);
}

}  // namespace

std::int64_t numberEvents(Database& database, std::int64_t limit) {
  // A read first: the writer is not taken every few seconds for nothing.
  const bool waiting =
      database.readOne([](Session& session) { return session.find(FindWaiting).has_value(); });
  if (!waiting)
    return 0;
  return database.transact([&](Session& session) {
    const std::int64_t last = cursorIn(session, Numbering);
    const std::int64_t count = session.execute(NumberRows, last, limit);
    if (count > 0)
      session.execute(UpdateCursor, last + count, Numbering);
    return count;
  });
}

std::int64_t cursorOf(Database& database, const std::string& sink) {
  const auto known =
      database.read([&](Session& session) { return session.find(SelectCursor, sink); });
  if (known)
    return known->integer(0);
  return database.transact([&](Session& session) { return cursorIn(session, sink); });
}

void moveCursor(Database& database, const std::string& sink, std::int64_t seq) {
  database.transact([&](Session& session) { session.execute(UpdateCursor, seq, sink); });
}

std::vector<DispatchedEvent> eventsAfter(Database& database, std::int64_t seq, std::size_t limit) {
  const Rows rows =
      database.read([&](Session& session) { return session.query(SelectAfter, seq, limit); });
  std::vector<DispatchedEvent> events;
  events.reserve(rows.size());
  for (const Row& row : rows) {
    events.push_back({.seq = row.integer(0),
                      .event_id = row.text(1),
                      .type = row.text(2),
                      .user_id = row.maybeInteger(3),
                      .subject = row.text(4),
                      .json = row.text(5),
                      .created_at = row.integer(6)});
  }
  return events;
}

OutboxMark outboxMark(Database& database) {
  return {.id = database.readOne(
              [](Session& session) { return session.query(LastId).at(0).integer(0); })};
}

bool isTaken(Database& database, const std::string& sink, OutboxMark& mark) {
  return database.read([&](Session& session) {
    if (mark.seq == 0) {
      if (session.find(FindWaitingUpTo, mark.id)) {
        return false;
      }
      // Whatever its place in the table: an event up to the mark has a number up to this one.
      const auto last = session.find(SelectCursor, Numbering);
      mark.seq = last ? last->integer(0) : 0;
    }
    const auto cursor = session.find(SelectCursor, sink);
    return (cursor ? cursor->integer(0) : 0) >= mark.seq;
  });
}

std::int64_t countAfter(Database& database, std::int64_t seq) {
  return database.read(
      [&](Session& session) { return session.query(CountAfter, seq).at(0).integer(0); });
}

std::int64_t deleteEvents(Database& database, std::int64_t up_to_seq, std::int64_t age_ms,
                          std::int64_t limit) {
  return database.transact(
      [&](Session& session) { return session.execute(DeleteOld, up_to_seq, age_ms, limit); });
}

}  // namespace reeld::db
