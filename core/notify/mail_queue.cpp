#include "notify/mail_queue.h"

#include "base/crypto.h"

#include <algorithm>

namespace reeld::notify {

namespace {

constexpr std::size_t LeaseTokenBytes = 12;

const std::string Columns =
    "id, purpose, user_id, token_id, state, attempt, run_at, begun_at, lease_token, last_error, "
    "created_at, finished_at";

db::Statement made(const std::string& sql) { return db::Statement(sql.c_str()); }

const db::Statement Enqueue{R"(
  INSERT INTO mail_queue (purpose, user_id, token_id, run_at, begun_at, created_at)
  VALUES ($1, $2, $3, {NOW}, {NOW}, {NOW}) RETURNING id)"};

// A purpose this program does not know belongs to a newer daemon on the same database.
const std::string Due =
    "state = 'waiting' AND purpose IN ('activation', 'password-reset', 'trial') ";

const db::Statement Claim = made(R"(
  UPDATE mail_queue SET state = 'sending', attempt = attempt + 1, locked_by = $1, lease_token = $2,
                        lease_until = {NOW} + $3
  WHERE id = (SELECT id FROM mail_queue WHERE )" +
                                 Due +
                                 R"(AND run_at <= {NOW} ORDER BY run_at, id LIMIT 1 {SKIP LOCKED})
  RETURNING )" + Columns);

const db::Statement NextDue = made("SELECT MIN(run_at) - {NOW} FROM mail_queue WHERE " + Due);

const db::Statement FindRecipient{R"(
  SELECT u.email, t.token_hash, t.used_at
  FROM users u LEFT JOIN mail_tokens t ON t.id = $1 AND t.user_id = u.id
  WHERE u.id = $2 AND u.deleted_at IS NULL)"};

const db::Statement PutOffExpiry{R"(
  UPDATE mail_tokens SET expires_at = {NOW} + $1 WHERE id = $2 AND used_at IS NULL)"};

const db::Statement ReplaceHash{"UPDATE mail_tokens SET token_hash = $1 WHERE id = $2"};

const db::Statement Finish{R"(
  UPDATE mail_queue SET state = 'sent', lease_token = NULL, lease_until = NULL, last_error = NULL,
                        finished_at = {NOW}
  WHERE id = $1 AND lease_token = $2)"};

const db::Statement RetryLater{R"(
  UPDATE mail_queue SET state = 'waiting', lease_token = NULL, lease_until = NULL, locked_by = NULL,
                        run_at = {NOW} + $1, last_error = $2
  WHERE id = $3 AND lease_token = $4)"};

const db::Statement Discard{R"(
  UPDATE mail_queue SET state = 'discarded', lease_token = NULL, lease_until = NULL,
                        last_error = $1, finished_at = {NOW}
  WHERE id = $2 AND lease_token = $3)"};

const db::Statement Release{R"(
  UPDATE mail_queue SET state = 'waiting', lease_token = NULL, lease_until = NULL, locked_by = NULL,
                        attempt = attempt - 1, run_at = {NOW}
  WHERE id = $1 AND lease_token = $2)"};

const db::Statement RetryNow{R"(
  UPDATE mail_queue SET state = 'waiting', attempt = 0, run_at = {NOW}, begun_at = {NOW},
                        finished_at = NULL
  WHERE id = $1 AND state IN ('waiting', 'discarded'))"};

// What a lost lease leaves: whether the mail went out is not known, so it goes again.
const std::string Reap = R"(
  UPDATE mail_queue SET state = 'waiting', lease_token = NULL, lease_until = NULL, locked_by = NULL,
                        run_at = {NOW}, last_error = 'the daemon that sent it was gone'
  WHERE state = 'sending' AND )";
const db::Statement ReapExpired = made(Reap + "lease_until < {NOW}");
const db::Statement ReapAll = made(Reap + "attempt >= 0");
const db::Statement ReapNode = made(Reap + "locked_by = $1");

const db::Statement PruneQueue{R"(
  DELETE FROM mail_queue WHERE id IN (
    SELECT id FROM mail_queue WHERE finished_at < {NOW} - $1 ORDER BY finished_at LIMIT $2))"};
const db::Statement PruneTokens{R"(
  DELETE FROM mail_tokens WHERE id IN (
    SELECT t.id FROM mail_tokens t
    WHERE t.expires_at < {NOW} - $1
      AND NOT EXISTS (SELECT 1 FROM mail_queue q WHERE q.token_id = t.id)
    ORDER BY t.expires_at LIMIT $2))"};

const db::Statement Find = made("SELECT " + Columns + " FROM mail_queue WHERE id = $1");

const std::string List =
    "SELECT q.id, q.purpose, q.user_id, q.token_id, q.state, q.attempt, q.run_at, q.begun_at, "
    "q.lease_token, q.last_error, q.created_at, q.finished_at, u.email "
    "FROM mail_queue q JOIN users u ON u.id = q.user_id ";
const db::Statement ListAll = made(List + "ORDER BY q.id DESC LIMIT $1 OFFSET $2");
const db::Statement ListState =
    made(List + "WHERE q.state = $1 ORDER BY q.id DESC LIMIT $2 OFFSET $3");

const db::Statement Count{"SELECT state, COUNT(*) FROM mail_queue GROUP BY state ORDER BY state"};
const db::Statement CountPending{"SELECT COUNT(*) FROM mail_queue WHERE finished_at IS NULL"};

Mail toMail(const db::Row& row) {
  const auto purpose = users::parseMailPurpose(row.text(1));
  const auto state = parseMailState(row.text(4));
  if (!purpose || !state) {
    throw Error(ErrorCode::Corrupt,
                "mail " + std::to_string(row.integer(0)) + " has no known purpose and state");
  }
  return {.id = row.integer(0),
          .purpose = *purpose,
          .user_id = row.integer(2),
          .token_id = row.maybeText(3).value_or(""),
          .state = *state,
          .attempt = static_cast<int>(row.integer(5)),
          .run_at = row.integer(6),
          .begun_at = row.integer(7),
          .lease_token = row.maybeText(8).value_or(""),
          .last_error = row.maybeText(9).value_or(""),
          .created_at = row.integer(10),
          .finished_at = row.maybeInteger(11)};
}

std::optional<Mail> toMail(const std::optional<db::Row>& row) {
  return row ? std::optional(toMail(*row)) : std::nullopt;
}

}  // namespace

MailId enqueueMail(db::Session& session, const NewMail& mail) {
  const auto token =
      mail.token_id.empty() ? std::optional<std::string>() : std::optional(mail.token_id);
  const auto row = session.find(Enqueue, users::word(mail.purpose), mail.user_id, token);
  session.announce(db::News::Mail);
  return row.value().integer(0);
}

std::optional<Mail> claimMail(db::Session& session, const std::string& node,
                              std::int64_t lease_ms) {
  return toMail(session.find(Claim, node, randomToken(LeaseTokenBytes), lease_ms));
}

std::optional<std::int64_t> nextMailDueIn(db::Session& session) {
  const auto ms = session.find(NextDue)->maybeInteger(0);
  return ms ? std::optional(std::max<std::int64_t>(0, *ms)) : std::nullopt;
}

std::optional<Recipient> findRecipient(db::Session& session, const Mail& mail) {
  const auto row = session.find(FindRecipient, mail.token_id, mail.user_id);
  if (!row) {
    return std::nullopt;
  }
  Recipient recipient{.email = row->text(0), .token_hash = {}};
  if (!mail.token_id.empty()) {
    const std::int64_t life = users::lifeOf(mail.purpose).count();
    if (row->isNull(1) || session.execute(PutOffExpiry, life, mail.token_id) != 1) {
      return std::nullopt;
    }
    recipient.token_hash = row->text(1);
  }
  return recipient;
}

void replaceTokenHash(db::Session& session, const std::string& token_id, const std::string& hash) {
  session.execute(ReplaceHash, hash, token_id);
}

bool finishMail(db::Session& session, const Mail& mail) {
  return session.execute(Finish, mail.id, mail.lease_token) == 1;
}

bool retryMailLater(db::Session& session, const Mail& mail, std::int64_t delay_ms,
                    const std::string& error) {
  return session.execute(RetryLater, delay_ms, error, mail.id, mail.lease_token) == 1;
}

bool discardMail(db::Session& session, const Mail& mail, const std::string& error) {
  return session.execute(Discard, error, mail.id, mail.lease_token) == 1;
}

bool releaseMail(db::Session& session, const Mail& mail) {
  return session.execute(Release, mail.id, mail.lease_token) == 1;
}

bool retryMailNow(db::Session& session, MailId id) {
  const bool retried = session.execute(RetryNow, id) == 1;
  session.announce(db::News::Mail);
  return retried;
}

std::int64_t reapMails(db::Session& session) { return session.execute(ReapExpired); }

std::int64_t reapOrphanedMails(db::Session& session, const std::string& node) {
  return session.dialect() == db::Dialect::Sqlite ? session.execute(ReapAll)
                                                  : session.execute(ReapNode, node);
}

std::int64_t pruneMails(db::Session& session, std::int64_t age_ms, std::int64_t limit) {
  return session.execute(PruneQueue, age_ms, limit) + session.execute(PruneTokens, age_ms, limit);
}

std::optional<Mail> findMail(db::Session& session, MailId id) {
  return toMail(session.find(Find, id));
}

std::vector<ListedMail> listMails(db::Session& session, std::optional<MailState> state,
                                  std::int64_t skip, std::int64_t limit) {
  const auto rows = state ? session.query(ListState, word(*state), limit, skip)
                          : session.query(ListAll, limit, skip);
  constexpr std::size_t EmailColumn = 12;
  std::vector<ListedMail> mails;
  for (const db::Row& row : rows) {
    mails.push_back({toMail(row), row.text(EmailColumn)});
  }
  return mails;
}

std::int64_t countPendingMails(db::Session& session) {
  return session.query(CountPending).at(0).integer(0);
}

std::vector<std::pair<MailState, std::int64_t>> countMails(db::Session& session) {
  std::vector<std::pair<MailState, std::int64_t>> counts;
  for (const db::Row& row : session.query(Count)) {
    if (const auto state = parseMailState(row.text(0))) {
      counts.emplace_back(*state, row.integer(1));
    }
  }
  return counts;
}

}  // namespace reeld::notify
