#include "db/transaction.h"

#include "db/statement_cache.h"
#include "db/stored_text.h"

#include <stdexcept>

namespace reeld::db {

namespace {

/// Texts that come again, a plugin's, are read once per thread: one that inserts many rows is long.
const Statement& statementOf(const std::string& sql) {
  constexpr std::size_t Kept = 64;
  thread_local StatementCache<Statement> statements(Kept);
  const Statement& statement =
      statements.at(sql, [&] { return std::make_unique<Statement>(sql.c_str()); });
  statements.trim();
  return statement;
}

}  // namespace

/// Runs what the engine may refuse, and remembers that it did.
template <class Call>
auto Transaction::guarded(Call&& call) {
  if (aborted_) {
    throw Error(ErrorCode::Internal,
                "a statement was sent after another of its transaction had failed");
  }
  try {
    return call();
  } catch (const Failure& failure) {
    aborted_ = true;
    failure_ = failure;
    throw;
  } catch (...) {
    aborted_ = true;
    throw;
  }
}

Transaction::~Transaction() {
  if (open_)
    connection_.rollback();
}

void Transaction::begin() {
  open_ = true;  // a failure half way leaves something to roll back
  guarded([&] { connection_.begin(kind_); });
}

void Transaction::commit() {
  // A body that swallowed a failure which calls for a retry gets its retry all the same.
  if (failure_ && failure_->kind() != FailureKind::Plain)
    throw Failure(*failure_);
  guarded([&] {
    commit_sent_ = true;
    connection_.commit();
  });
  open_ = false;
}

void Transaction::requireOne(const Statement& statement) {
  const std::string& text = statement.text(dialect());
  const auto start = text.find_first_not_of(" \n\t");
  const bool is_select = start != std::string::npos && text.compare(start, 6, "SELECT") == 0;
  if ((kind_ == TransactionKind::One && !is_select) || ++statements_ > 1) {
    throw std::logic_error("readOne() is for one SELECT, transactOne() for one statement: " +
                           statement.text(Dialect::Postgres));
  }
  // The statement goes with its COMMIT: once it is sent, the server alone knows.
  commit_sent_ = commitsAsItRuns(kind_);
}

void Transaction::refuseToWait(const Statement& statement) {
  throw std::logic_error("nothing waits in line where there is one statement: " +
                         statement.text(Dialect::Postgres));
}

void Transaction::requireFit(const Statement& statement, const std::vector<Value>& values) {
  if (values.size() != static_cast<std::size_t>(statement.placeholders())) {
    throw std::logic_error("a statement with " + std::to_string(statement.placeholders()) +
                           " placeholders got " + std::to_string(values.size()) +
                           " values: " + statement.text(Dialect::Postgres));
  }
  for (const Value& value : values) {
    if (const auto* text = std::get_if<std::string>(&value))
      requireStorable(*text);
  }
}

Session::Result Transaction::run(const Statement& statement, const std::vector<Value>& values) {
  if (isOne()) {
    requireOne(statement);
  }
  requireFit(statement, values);
  Answer answer = guarded([&] { return connection_.run(statement.text(dialect()), values); });
  return {std::move(answer.rows), answer.affected};
}

void Transaction::send(const Statement& statement, const std::vector<Value>& values) {
  if (isOne()) {
    refuseToWait(statement);
  }
  requireFit(statement, values);
  guarded([&] { connection_.post(statement.text(dialect()), values); });
}

Asked::Answer Transaction::sendQuery(const Statement& statement, const std::vector<Value>& values) {
  if (commitsAsItRuns(kind_)) {
    refuseToWait(statement);
  } else if (isOne()) {
    requireOne(statement);
  }
  requireFit(statement, values);
  return guarded([&] { return connection_.ask(statement.text(dialect()), values); });
}

void Transaction::flush() {
  guarded([&] { connection_.flush(); });
}

Rows Transaction::queryText(const std::string& sql, const std::vector<Value>& values) {
  return run(statementOf(sql), values).rows;
}

void Transaction::script(const std::string& sql) {
  if (isOne()) {
    throw std::logic_error("readOne() and transactOne() are for one statement, not for a script");
  }
  guarded([&] { connection_.script(sql); });
}

}  // namespace reeld::db
