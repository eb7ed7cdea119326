#include "billing/idempotency.h"

#include "base/error.h"
#include "base/json.h"
#include "billing/order.h"

#include <chrono>

namespace reeld::billing {

namespace {

constexpr std::int64_t KeptMs = std::int64_t{24} * 3'600'000;
constexpr auto Patience = std::chrono::milliseconds(2 * ProviderCallMs);
/// For what another daemon works out; this one's own wakes its waiters.
constexpr auto LookAgain = std::chrono::milliseconds(50);

const db::Statement InsertKey{R"(
  INSERT INTO idempotency (user_id, request_key, operation, busy_until, busy_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING user_id)"};
const db::Statement Find{R"(
  SELECT operation, answer, busy_until FROM idempotency
  WHERE user_id = $1 AND request_key = $2)"};
const db::Statement TakeOver{R"(
  UPDATE idempotency SET busy_until = $1, busy_by = $2
  WHERE user_id = $3 AND request_key = $4 AND answer IS NULL AND busy_until <= $5)"};
const db::Statement Keep{R"(
  UPDATE idempotency SET answer = $1
  WHERE user_id = $2 AND request_key = $3 AND busy_by = $4 AND answer IS NULL)"};
const db::Statement Remove{R"(
  DELETE FROM idempotency
  WHERE user_id = $1 AND request_key = $2 AND busy_by = $3 AND answer IS NULL)"};
const db::Statement ReleaseKeys{R"(
  UPDATE idempotency SET busy_until = 0 WHERE answer IS NULL AND busy_by = $1)"};
const db::Statement Forget{"DELETE FROM idempotency WHERE created_at < $1"};

std::string printed(const Answer& answer) {
  JsonWriter json;
  json.beginObject().member("status", answer.status).member("body", answer.body).endObject();
  return json.take();
}

std::string printed(const Error& error) {
  JsonWriter json;
  json.beginObject()
      .member("error", static_cast<int>(error.code()))
      .member("reason", error.reason())
      .member("message", std::string_view(error.what()))
      .endObject();
  return json.take();
}

Answer answerIn(const std::string& text) {
  const Json json = Json::parse(text);
  if (const Json* code = json.find("error"); code != nullptr) {
    throw Error(static_cast<ErrorCode>(code->integer()), json.find("message")->text())
        .reason(json.find("reason")->text());
  }
  return {static_cast<int>(json.find("status")->integer()), json.find("body")->text()};
}

/// A release that did not look at bodies has kept method and path alone: a request that it
/// answered, or died on, is repeated across the update.
bool isSame(const std::string& kept, const std::string& operation) {
  return kept == operation || operation.starts_with(kept + " sha256:");
}

/// Whether a repetition would be refused as well.
bool isLasting(const Error& error) {
  if (!error.violations().empty() || error.reason().ends_with("-in-progress")) {
    return false;
  }
  switch (error.code()) {
    case ErrorCode::Invalid:
    case ErrorCode::Denied:
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
      return true;
    default:
      return false;
  }
}

}  // namespace

Answer Idempotency::once(std::int64_t user, const std::string& key, const std::string& operation,
                         const std::function<Answer()>& work) {
  if (key.empty()) {
    return work();
  }
  const auto deadline = std::chrono::steady_clock::now() + Patience;
  for (;;) {
    Found found = enter(user, key, operation);
    if (found.place == Place::Ours) {
      return workOut(user, key, work);
    }
    if (found.place == Place::Known) {
      return answerIn(found.answer);
    }
    if (std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorCode::Conflict, "a request with this Idempotency-Key is under way")
          .reason("idempotency-in-progress")
          .retryAfter(1000);
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, LookAgain);
  }
}

Idempotency::Found Idempotency::enter(std::int64_t user, const std::string& key,
                                      const std::string& operation) {
  const EpochMs now = clock_.now();
  return database_.transactByLocks([&](db::Session& session) -> Found {
    if (session.find(InsertKey, user, key, operation, now + BusyMs, node_, now)) {
      return {Place::Ours, ""};
    }
    const auto row = session.find(Find, user, key);
    if (!row) {
      return {};  // just left by another: look again
    }
    if (!isSame(row->text(0), operation)) {
      throw Error(ErrorCode::Invalid, "this Idempotency-Key was used for another request")
          .reason("idempotency-key-reused");
    }
    if (!row->isNull(1)) {
      return {Place::Known, row->text(1)};
    }
    const bool is_ours = session.execute(TakeOver, now + BusyMs, node_, user, key, now) == 1;
    return {is_ours ? Place::Ours : Place::Busy, ""};
  });
}

Answer Idempotency::workOut(std::int64_t user, const std::string& key,
                            const std::function<Answer()>& work) {
  try {
    Answer answer = work();
    keep(user, key, printed(answer));
    return answer;
  } catch (const Error& error) {
    if (isLasting(error)) {
      keep(user, key, printed(error));
    } else {
      leave(user, key);
    }
    throw;
  }
}

void Idempotency::keep(std::int64_t user, const std::string& key, const std::string& answer) {
  database_.transactByLocks(
      [&](db::Session& session) { session.execute(Keep, answer, user, key, node_); });
  changed_.notify_all();
}

void Idempotency::leave(std::int64_t user, const std::string& key) {
  database_.transactByLocks(
      [&](db::Session& session) { session.execute(Remove, user, key, node_); });
  changed_.notify_all();
}

void releaseRequestsOf(db::Session& session, const std::string& node) {
  session.execute(ReleaseKeys, node);
}

void forgetOldRequests(db::Session& session, EpochMs now) { session.execute(Forget, now - KeptMs); }

}  // namespace reeld::billing
