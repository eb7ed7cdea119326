#include "db/postgres_connection.h"

#include "db/failure.h"
#include "db/kept_statement.h"
#include "db/poco_result.h"
#include "db/statement_cache.h"

#include <Poco/Data/PostgreSQL/PostgreSQLStatementImpl.h>
#include <Poco/Data/PostgreSQL/SessionHandle.h>
#include <Poco/Data/PostgreSQL/SessionImpl.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <libpq-fe.h>

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace reeld::db {

namespace {

constexpr std::size_t KeptStatements = 256;
constexpr std::size_t ConnectSeconds = 5;

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// Opens the columns' types, which are protected in Poco, and reads the cells where libpq has put
/// them.
class TypedStatement final : public Poco::Data::PostgreSQL::PostgreSQLStatementImpl, public Cells {
 public:
  using PostgreSQLStatementImpl::PostgreSQLStatementImpl;

  std::size_t columnCount() const override { return columnsReturned(); }
  std::int64_t affected() const { return affectedRowCount(); }
  bool bindText(std::size_t, const std::string&) override { return false; }
  Value cell(std::size_t row, std::size_t column) const override {
    const PGresult* const result = poco::heldResult(*this);
    const int line = static_cast<int>(row);
    const int field = static_cast<int>(column);
    if (PQgetisnull(result, line, field) != 0) {
      return std::monostate{};
    }
    const std::string_view text(PQgetvalue(result, line, field),
                                static_cast<std::size_t>(PQgetlength(result, line, field)));
    using Column = Poco::Data::MetaColumn;
    switch (metaColumn(column).type()) {
      case Column::FDT_INT16:
      case Column::FDT_INT32:
      case Column::FDT_INT64: {
        std::int64_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        return number;
      }
      case Column::FDT_BOOL:
        return std::int64_t{text == "t" ? 1 : 0};
      case Column::FDT_STRING:
      case Column::FDT_CLOB:     // the type text
      case Column::FDT_UNKNOWN:  // name, void and the like, which only the catalogue has
        return std::string(text);
      default:
        throw Error(ErrorCode::Internal,
                    "column " + metaColumn(column).name() +
                        " is neither integer nor text (CAST it): " + toString());
    }
  }
};

struct Kept {
  Kept(Poco::Data::PostgreSQL::SessionImpl& session, const std::string& text,
       std::size_t placeholders)
      : typed(new TypedStatement(session)),
        statement(typed, text, *typed, placeholders, Rebinding::AfterReset) {}
  Poco::SharedPtr<TypedStatement> typed;
  KeptStatement statement;
};

/// "connection to server ... failed: Connection refused Is the server running ...?"
std::string onOneLine(std::string text) {
  const auto is_blank = [](char c) { return c == '\n' || c == '\t' || c == ' '; };
  std::replace_if(text.begin(), text.end(), is_blank, ' ');
  text.erase(
      std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
      text.end());
  while (text.ends_with(' ')) {
    text.pop_back();
  }
  return text;
}

/// Refuses early and without a leak: Poco 1.11 forgets a PGconn whose connect failed.
void tryConnect(const std::string& connection_text) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> probe(PQconnectdb(connection_text.c_str()),
                                                           &PQfinish);
  if (PQstatus(probe.get()) != CONNECTION_OK) {
    const std::string text = onOneLine(PQerrorMessage(probe.get()));
    throw Error(ErrorCode::Unavailable, "cannot connect to the database: " + text).retryAfter(1000);
  }
}

void logNotice(void* log, const char* message) {
  static_cast<const Log*>(log)->debug("notice from the database", {{"text", message}});
}

/// Readable while idle means closed by the server, or a notice.
bool closedByServer(PGconn* connection) {
  for (int round = 0; round < 8; ++round) {
    pollfd socket{PQsocket(connection), POLLIN, 0};
    if (PQstatus(connection) != CONNECTION_OK || socket.fd < 0)
      return true;
    if (::poll(&socket, 1, 0) <= 0)
      return false;
    if (PQconsumeInput(connection) == 0)
      return true;
  }
  return true;
}

}  // namespace

struct PostgresConnection::Impl {
  Impl(const std::string& connection_text, std::chrono::milliseconds lock_wait, const Log& log_to)
      : session((tryConnect(connection_text),
                 new Poco::Data::PostgreSQL::SessionImpl(connection_text, ConnectSeconds))),
        owner(Poco::AnyCast<Poco::Data::PostgreSQL::SessionHandle*>(session.getProperty("handle"))),
        log(log_to),
        lock_wait_ms(lock_wait.count()),
        kept(KeptStatements) {
    configure();
  }

  PGconn* raw() { return *owner; }

  void configure() {
    PQsetErrorVerbosity(raw(),
                        PQERRORS_VERBOSE);  // postgresFailure reads the SQLSTATE from the text
    PQsetNoticeProcessor(raw(), &logNotice, const_cast<Log*>(&log));
    exec("SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = " +
         std::to_string(lock_wait_ms) + "; SET idle_in_transaction_session_timeout = '60s'");
  }

  void reconnect() {
    trusted = false;
    kept.clear();
    failed.clear();
    PQreset(raw());
    if (PQstatus(raw()) != CONNECTION_OK)
      throw postgresFailure(raw(), "cannot connect again");
    configure();
    trusted = true;
  }

  std::string exec(const std::string& sql) {
    const Result result(PQexec(raw(), sql.c_str()), &PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK &&
        PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
      throw postgresFailure(raw(),
                            "the database refused \"" + sql.substr(0, sql.find('\n')) + "\"");
    }
    return PQcmdStatus(result.get());
  }

  Failure failureOf(const Poco::Exception& error) {
    if (PQstatus(raw()) == CONNECTION_OK &&
        *PQerrorMessage(raw()) == '\0') {  // Poco's own complaint
      return {Error(ErrorCode::Internal, error.displayText()), FailureKind::Plain, ""};
    }
    return postgresFailure(raw(), "the database refused a statement");
  }

  /// Outside a transaction again: now statements can be deallocated.
  void settle() {
    failed.clear();
    kept.trim();
    if (PQtransactionStatus(raw()) != PQTRANS_IDLE)
      trusted = false;
  }

  Poco::Data::Session session;
  Poco::Data::PostgreSQL::SessionHandle* owner;
  const Log& log;
  std::int64_t lock_wait_ms;
  StatementCache<Kept> kept;
  std::vector<std::unique_ptr<Kept>>
      failed;  ///< inside an aborted transaction DEALLOCATE is refused
  bool trusted = true;
  bool is_one = false;  ///< a single SELECT runs, without a transaction
};

PostgresConnection::PostgresConnection(const std::string& connection_text,
                                       std::chrono::milliseconds lock_wait, const Log& log) {
  try {
    impl_ = std::make_unique<Impl>(connection_text, lock_wait, log);
  } catch (const Poco::Exception& error) {
    throw Error(ErrorCode::Unavailable, "cannot connect to the database: " + error.displayText());
  }
}

PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::prepareForUse(bool suspect) {
  if (!suspect && impl_->trusted && !closedByServer(impl_->raw()))
    return;
  impl_->reconnect();
}

void PostgresConnection::begin(TransactionKind kind) {
  impl_->is_one = kind == TransactionKind::One;
  switch (kind) {
    case TransactionKind::One:
      break;
    case TransactionKind::Read:
      impl_->exec("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      break;
    case TransactionKind::Write:
      impl_->exec("BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
      break;
    case TransactionKind::Locked:
      impl_->exec("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
      break;
    case TransactionKind::Schema:
      // READ COMMITTED: what others committed while this waited for the lock must be seen.
      impl_->exec("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
      impl_->exec(
          "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
          "SET LOCAL idle_in_transaction_session_timeout = 0");
      impl_->exec("SELECT pg_advisory_xact_lock(hashtext('reeld schema'))");
      break;
  }
}

void PostgresConnection::commit() {
  if (impl_->is_one) {
    impl_->settle();
    return;
  }
  // The server answers COMMIT of an aborted transaction with success and rolls back.
  if (PQtransactionStatus(impl_->raw()) != PQTRANS_INTRANS) {
    throw Error(ErrorCode::Internal,
                "a transaction that failed earlier was to be committed; it is rolled back");
  }
  if (impl_->exec("COMMIT") != "COMMIT") {
    throw Error(ErrorCode::Internal, "the database rolled back instead of committing");
  }
  impl_->settle();
}

void PostgresConnection::rollback() noexcept {
  if (PQstatus(impl_->raw()) == CONNECTION_OK &&
      PQtransactionStatus(impl_->raw()) != PQTRANS_IDLE) {
    const Result result(PQexec(impl_->raw(), "ROLLBACK"), &PQclear);
  }
  impl_->settle();
}

Answer PostgresConnection::run(const std::string& text, const std::vector<Value>& values) {
  Kept& kept = impl_->kept.at(text, [&] {
    auto& session = dynamic_cast<Poco::Data::PostgreSQL::SessionImpl&>(*impl_->session.impl());
    return std::make_unique<Kept>(session, text, values.size());
  });
  try {
    Answer answer;
    answer.rows = kept.statement.execute(values);
    answer.affected = kept.typed->affected();
    poco::freeResult(*kept.typed);
    return answer;
  } catch (const Poco::Exception& error) {
    const Failure failure = impl_->failureOf(error);
    impl_->failed.push_back(impl_->kept.take(text));
    throw failure;
  } catch (...) {
    impl_->failed.push_back(impl_->kept.take(text));
    throw;
  }
}

void PostgresConnection::script(const std::string& sql) { impl_->exec(sql); }

}  // namespace reeld::db
