// One connection to an engine, as the transactions above it see it. The engines' own types stay in
// sqlite_connection.cpp and postgres_connection.cpp.
#pragma once
#include "db/row.h"
#include "db/statement.h"
#include "db/transaction_kind.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reeld::db {

struct Answer {
  Rows rows;
  std::int64_t affected = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const noexcept = 0;
  virtual void begin(TransactionKind kind) = 0;
  virtual void commit() = 0;
  /// After this the connection is outside a transaction, or fit to be replaced when handed out
  /// again.
  virtual void rollback() noexcept = 0;
  /// Throws Failure. Of a kind that commits as it runs, PostgreSQL has committed then.
  virtual Answer run(const std::string& text, const std::vector<Value>& values) = 0;
  /// The same for what nobody waits for: it may run as late as together with the next statement or
  /// the commit, and what it throws comes from there.
  virtual void post(const std::string& text, const std::vector<Value>& values) = 0;
  /// A query that may wait in the same way: until flush(), the next statement or the commit.
  virtual std::shared_ptr<std::optional<Rows>> ask(const std::string& text,
                                                   const std::vector<Value>& values) = 0;
  virtual void flush() = 0;
  /// Several statements without values or results.
  virtual void script(const std::string& sql) = 0;
};

}  // namespace reeld::db
