#include "users/reset_request_repository.h"

#include "users/email.h"

namespace reeld::users {

namespace {

const db::Statement InsertRequest{
    "INSERT INTO reset_requests (email_key, requested_at) VALUES ($1, {NOW})"};

const db::Statement Take{R"(
  DELETE FROM reset_requests
  WHERE id IN (SELECT id FROM reset_requests ORDER BY id LIMIT $1)
  RETURNING email_key)"};

}  // namespace

void addResetRequest(db::Session& session, std::string_view email) {
  session.execute(InsertRequest, emailKey(email));
}

std::vector<std::string> takeResetRequests(db::Session& session, std::int64_t limit) {
  std::vector<std::string> keys;
  for (const auto& row : session.query(Take, limit)) {
    keys.push_back(row.text(0));
  }
  return keys;
}

}  // namespace reeld::users
