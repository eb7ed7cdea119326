// What both engines share: the life of a transaction from a leased connection to commit, the
// decision to run a body again, and the calls after a commit.
#pragma once
#include "db/connection.h"
#include "db/database.h"
#include "db/failure.h"
#include "db/fifo_slots.h"

namespace reeld::db {

class Transaction;

class EngineDatabase : public Database {
 public:
  void changeSchema(const std::function<void(Session&)>& body) final;
  void ping(std::chrono::milliseconds deadline) final;

 protected:
  EngineDatabase(const DatabaseOptions& options, Log& log, Metrics& metrics);

  /// Runs use with a connection fit for the kind, leased until it returns.
  virtual void withConnection(TransactionKind kind, Deadline deadline,
                              const std::function<void(Connection&)>& use) = 0;
  /// The engine's connections are not to be trusted any more.
  virtual void connectionLost() noexcept = 0;

  void run(TransactionKind kind, const std::function<void(Session&)>& body) final;

  const Log& log_;

 private:
  struct Outcome;
  /// `wait` bounds each wait for a connection, and retries as a whole beyond a few.
  void runKind(TransactionKind kind, std::chrono::milliseconds wait,
               const std::function<void(Session&)>& body);
  Outcome attempt(TransactionKind kind, Deadline deadline,
                  const std::function<void(Session&)>& body);
  static bool mayRunAgain(TransactionKind kind, const Outcome& outcome, int attempts,
                          Deadline deadline);
  void afterCommit(Transaction& transaction);

  std::chrono::milliseconds wait_;
  Histogram& read_seconds_;
  Histogram& write_seconds_;
  Counter& retries_;
};

}  // namespace reeld::db
