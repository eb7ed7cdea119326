#include "db/engine_database.h"

#include "db/transaction.h"

#include <algorithm>
#include <exception>
#include <random>
#include <thread>

namespace reeld::db {

namespace {

/// What a retry gets however slow the first attempt was.
constexpr int FewAttempts = 3;

const Statement Ping("SELECT 1");
const char* const SecondsHelp =
    "Time of a transaction from asking for a connection to commit, by kind";

/// One transaction per thread and database: a second one would wait for the first (the writer, the
/// last free session) until its deadline, or read a different snapshot.
class OnlyOne {
 public:
  explicit OnlyOne(const Database& database) : database_(database), outer_(innermost) {
    for (const OnlyOne* open = outer_; open != nullptr; open = open->outer_) {
      if (&open->database_ == &database_) {
        throw Error(ErrorCode::Internal,
                    "a transaction was begun inside another (use the session at hand)");
      }
    }
    innermost = this;
  }
  ~OnlyOne() { innermost = outer_; }
  OnlyOne(const OnlyOne&) = delete;
  OnlyOne& operator=(const OnlyOne&) = delete;

 private:
  static thread_local const OnlyOne* innermost;  ///< of this thread

  const Database& database_;
  const OnlyOne* const outer_;
};

thread_local const OnlyOne* OnlyOne::innermost = nullptr;

/// Doubling from 1 ms to 64 ms, each time a random part of it, so that rivals do not meet again.
void pauseBeforeRetry(int attempts) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int limit_us = 1000 << std::min(attempts, 6);
  std::this_thread::sleep_for(
      std::chrono::microseconds(std::uniform_int_distribution<int>(100, limit_us)(random)));
}

}  // namespace

/// How one attempt ended: an error, and if the engine was the cause, what it said.
struct EngineDatabase::Outcome {
  std::exception_ptr error;
  std::optional<Failure> failure;
  bool commit_sent = false;
};

EngineDatabase::EngineDatabase(const DatabaseOptions& options, Log& log, Metrics& metrics)
    : log_(log),
      wait_(options.wait),
      read_seconds_(
          metrics.histogram("reeld_db_query_duration_seconds", SecondsHelp, {{"op", "read"}})),
      write_seconds_(
          metrics.histogram("reeld_db_query_duration_seconds", SecondsHelp, {{"op", "write"}})),
      retries_(metrics.counter(
          "reeld_db_retries_total",
          "Transactions run again after a serialization failure or a lost connection")) {}

void EngineDatabase::run(TransactionKind kind, const std::function<void(Session&)>& body) {
  runKind(kind, wait_, body);
}

void EngineDatabase::changeSchema(const std::function<void(Session&)>& body) {
  try {
    runKind(TransactionKind::Schema, wait_, body);
  } catch (const Failure& failure) {
    // At a start, and no other try would help.
    if (failure.state() == NotAllowed) {
      throw Error(ErrorCode::Denied, failure.what());
    }
    throw;
  }
}

void EngineDatabase::ping(std::chrono::milliseconds deadline) {
  runKind(TransactionKind::One, deadline, [](Session& session) { session.query(Ping); });
}

void EngineDatabase::runKind(TransactionKind kind, std::chrono::milliseconds wait,
                             const std::function<void(Session&)>& body) {
  const auto started = std::chrono::steady_clock::now();
  for (int attempts = 1;; ++attempts) {
    const Outcome outcome = attempt(kind, std::chrono::steady_clock::now() + wait, body);
    if (outcome.failure && outcome.failure->kind() == FailureKind::ConnectionLost) {
      connectionLost();
    }
    if (!outcome.error) {
      break;
    }
    if (!outcome.failure || !mayRunAgain(kind, outcome, attempts, started + wait)) {
      std::rethrow_exception(outcome.error);
    }
    retries_.add();
    log_.debug("transaction runs again",
               {{"attempt", attempts}, {"state", outcome.failure->state()}});
    pauseBeforeRetry(attempts);
  }
  (onlyReads(kind) ? read_seconds_ : write_seconds_)
      .observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
}

EngineDatabase::Outcome EngineDatabase::attempt(TransactionKind kind, Deadline deadline,
                                                const std::function<void(Session&)>& body) {
  Outcome outcome;
  std::optional<Transaction> committed;
  {
    const OnlyOne only(*this);
    withConnection(kind, deadline, [&](Connection& connection) {
      Transaction& transaction = committed.emplace(connection, kind);
      // The exception is carried, not handled: whether the body runs again is decided outside the
      // lease.
      try {
        transaction.begin();
        body(transaction);
        transaction.commit();
      } catch (...) {
        outcome.error = std::current_exception();
        outcome.failure = transaction.failure();
        outcome.commit_sent = transaction.commitSent();
        committed.reset();  // rolls back
      }
    });
  }
  // The connection is back and another transaction may begin: actions may use the database.
  if (committed)
    afterCommit(*committed);
  return outcome;
}

bool EngineDatabase::mayRunAgain(TransactionKind kind, const Outcome& outcome, int attempts,
                                 Deadline deadline) {
  switch (outcome.failure->kind()) {
    case FailureKind::Serialization:  // the server has rolled back, also at COMMIT
      return attempts < FewAttempts || std::chrono::steady_clock::now() < deadline;
    case FailureKind::ConnectionLost:
      // Before COMMIT was sent nothing can have been committed; after that only the server knows.
      return attempts < FewAttempts && (!outcome.commit_sent || onlyReads(kind));
    case FailureKind::StaleStatement:
      return attempts < FewAttempts;
    case FailureKind::Plain:
      break;
  }
  return false;
}

void EngineDatabase::afterCommit(Transaction& transaction) {
  // The transaction stands: a consequence that fails must not look like its failure.
  const auto follow = [this](const std::function<void()>& consequence) {
    try {
      consequence();
    } catch (const std::exception& error) {
      log_.error("an action after a commit failed", {{"error", error.what()}});
    }
  };
  for (const auto& action : transaction.takeActions()) {
    follow(action);
  }
  for (const News news : {News::Event, News::Revocation, News::Mail, News::Access, News::Catalog}) {
    if (transaction.announced(news)) {
      follow([&] { tell(news); });
    }
  }
}

}  // namespace reeld::db
