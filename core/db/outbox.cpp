#include "db/outbox.h"

#include "base/crypto.h"

namespace reeld::db {

namespace {
const Statement Insert(R"(
  INSERT INTO outbox (event_id, type, user_id, subject, json, created_at)
  VALUES ($1, $2, $3, $4, $5, {NOW}))");
}

void record(Session& session, const Event& event) {
  session.post(Insert, randomToken(16), event.type, event.user_id, event.subject, event.json);
  session.announce(News::Event);
}

}  // namespace reeld::db
