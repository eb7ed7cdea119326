#include "users/email_keys.h"

#include "users/email.h"
#include "users/user.h"

#include <string>
#include <vector>

namespace reeld::users {

namespace {

// Today's keys are readable: a domain that is still encoded is either an old key's or none.
const db::Statement Encoded{R"(
  SELECT id, email, email_key FROM users
  WHERE email_key LIKE '%@%xn--%' AND deleted_at IS NULL ORDER BY id)"};

const db::Statement Owner{"SELECT id FROM users WHERE email_key = $1"};

const db::Statement SetKey{"UPDATE users SET email_key = $1 WHERE id = $2"};

}  // namespace

void renewEmailKeys(db::Database& database, const Log& log) {
  // Most starts write nothing, and so need no room on the disk.
  const bool any =
      database.read([](db::Session& session) { return !session.query(Encoded).empty(); });
  if (!any) {
    return;
  }
  database.transact([&](db::Session& session) {
    for (const auto& row : session.query(Encoded)) {
      const UserId id = row.integer(0);
      const std::string key = emailKey(row.text(1));
      if (key == row.text(2)) {
        continue;
      }
      if (const auto owner = session.find(Owner, key)) {
        log.warning(
            "two users have one address, spelt in two ways; the one of \"user\" cannot "
            "sign in any more",
            {{"user", id}, {"other", owner->integer(0)}});
      } else {
        session.execute(SetKey, key, id);
      }
    }
  });
}

}  // namespace reeld::users
