// A session of Poco's PostgreSQL and the rules that it lacks: health at hand-out, SQLSTATEs, no
// commit of an aborted transaction. Statements go through its raw PGconn (postgres_pipeline.h).
#pragma once
#include "base/log.h"
#include "db/connection.h"

#include <chrono>
#include <memory>
#include <string>

namespace reeld::db {

class PostgresConnection final : public Connection {
 public:
  /// Connects; throws Error UNAVAILABLE. `lock_wait` bounds waits for rows that others hold.
  PostgresConnection(const std::string& connection_text, std::chrono::milliseconds lock_wait,
                     const Log& log);
  ~PostgresConnection() override;

  Dialect dialect() const noexcept override { return Dialect::Postgres; }
  void begin(TransactionKind kind) override;
  void commit() override;
  void rollback() noexcept override;
  Answer run(const std::string& text, const std::vector<Value>& values) override;
  void post(const std::string& text, const std::vector<Value>& values) override;
  std::shared_ptr<std::optional<Rows>> ask(const std::string& text,
                                           const std::vector<Value>& values) override;
  void flush() override;
  void script(const std::string& sql) override;

  /// At hand-out: connects again if the server has closed the session, if `suspect` is set, or if
  /// the last user left it in a state that cannot be trusted. Throws Error UNAVAILABLE; the object
  /// stays usable and tries again next time.
  void prepareForUse(bool suspect);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld::db
