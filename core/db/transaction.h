// The Session a body gets: one transaction on one connection. After a statement has failed nothing
// but rollback is left, on both engines alike, whatever the body does with the exception.
#pragma once
#include "db/connection.h"
#include "db/database.h"
#include "db/failure.h"

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace reeld::db {

class Transaction final : public Session {
 public:
  Transaction(Connection& connection, TransactionKind kind)
      : connection_(connection), kind_(kind) {}
  ~Transaction() override;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void begin();
  void commit();

  Rows queryText(const std::string& sql, const std::vector<Value>& values) override;
  Dialect dialect() const noexcept override { return connection_.dialect(); }
  void afterCommit(std::function<void()> action) override {
    after_commit_.push_back(std::move(action));
  }
  void announce(News news) noexcept override {
    announced_.at(static_cast<std::size_t>(news)) = true;
  }
  void script(const std::string& sql) override;

  /// The first failure of the engine, if there was one.
  const std::optional<Failure>& failure() const noexcept { return failure_; }
  /// COMMIT has been sent: the outcome is the server's alone to know.
  bool commitSent() const noexcept { return commit_sent_; }
  bool announced(News news) const noexcept { return announced_.at(static_cast<std::size_t>(news)); }
  std::vector<std::function<void()>> takeActions() { return std::move(after_commit_); }

 protected:
  Result run(const Statement& statement, const std::vector<Value>& values) override;
  void send(const Statement& statement, const std::vector<Value>& values) override;
  Asked::Answer sendQuery(const Statement& statement, const std::vector<Value>& values) override;
  void flush() override;

 private:
  template <class Call>
  auto guarded(Call&& call);
  bool isOne() const noexcept { return kind_ == TransactionKind::One || commitsAsItRuns(kind_); }
  void requireOne(const Statement& statement);
  [[noreturn]] static void refuseToWait(const Statement& statement);
  static void requireFit(const Statement& statement, const std::vector<Value>& values);

  Connection& connection_;
  TransactionKind kind_;
  int statements_ = 0;  ///< of a transaction that may have one
  std::optional<Failure> failure_;
  bool open_ = false;
  bool aborted_ = false;
  bool commit_sent_ = false;
  std::array<bool, NewsCount> announced_{};  ///< by News
  std::vector<std::function<void()>> after_commit_;
};

}  // namespace reeld::db
