#include "db/postgres_connection.h"

#include "db/failure.h"
#include "db/postgres_pipeline.h"

#include <Poco/Data/PostgreSQL/SessionHandle.h>
#include <Poco/Data/PostgreSQL/SessionImpl.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <libpq-fe.h>

#include <poll.h>

#include <algorithm>
#include <string_view>

namespace reeld::db {

namespace {

constexpr std::size_t KeptOnServer = 254;  ///< 256 with the BEGIN and COMMIT round them
constexpr std::size_t ConnectSeconds = 5;

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

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
        pipeline(KeptOnServer) {
    configure();
  }

  PGconn* raw() { return *owner; }

  void configure() {
    PQsetErrorVerbosity(raw(),
                        PQERRORS_VERBOSE);  // postgresFailure reads the SQLSTATE from the text
    PQsetNoticeProcessor(raw(), &logNotice, const_cast<Log*>(&log));
    exec("SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = " +
         std::to_string(lock_wait_ms) + "; SET idle_in_transaction_session_timeout = '60s'");
    // Statements of ours take milliseconds. Compiling one, which the server does where it expects
    // many rows, takes a fifth of a second, and it expects wrongly where two words never meet.
    exec("SET jit = off");
  }

  void reconnect() {
    trusted = false;
    pipeline.forget();
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

  void commit() {
    const bool is_begun = PQtransactionStatus(raw()) == PQTRANS_INTRANS;
    if (!is_begun && pipeline.size() == 1) {
      pipeline.drop();  // BEGIN alone: the server never heard of it
      return;
    }
    // The server answers COMMIT of an aborted transaction with success and rolls back.
    if (!is_begun && pipeline.size() == 0) {
      throw Error(ErrorCode::Internal,
                  "a transaction that failed earlier was to be committed; it is rolled back");
    }
    pipeline.add("COMMIT", {});
    pipeline.send(raw());
    requireCommitted();
  }

  /// In one round trip; in two where it is not yet known that what it gives back can be read: an
  /// error would come too late.
  Answer runAndCommit(const std::string& text, const std::vector<Value>& values) {
    const bool is_known = pipeline.isKnown(text);
    pipeline.add(text, values);
    Answer answer = is_known ? pipeline.sendAndCommit(raw()) : pipeline.send(raw());
    if (is_known) {
      requireCommitted();
    } else {
      commit();
    }
    return answer;
  }

  void requireCommitted() const {
    if (pipeline.lastTag() != "COMMIT") {
      throw Error(ErrorCode::Internal, "the database rolled back instead of committing");
    }
  }

  /// Outside a transaction again: now statements can be deallocated.
  void settle() noexcept {
    if (PQtransactionStatus(raw()) != PQTRANS_IDLE || PQpipelineStatus(raw()) != PQ_PIPELINE_OFF) {
      trusted = false;
    } else {
      pipeline.trim(raw());
    }
  }

  Poco::Data::Session session;
  Poco::Data::PostgreSQL::SessionHandle* owner;
  const Log& log;
  std::int64_t lock_wait_ms;
  PostgresPipeline pipeline;
  bool trusted = true;
  TransactionKind kind = TransactionKind::Read;  ///< that was begun last
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
  impl_->kind = kind;
  const auto put = [this](const char* begin) { impl_->pipeline.add(begin, {}); };
  switch (kind) {
    case TransactionKind::One:
      break;
    case TransactionKind::Read:
      put("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      break;
    case TransactionKind::Write:
    case TransactionKind::OneWrite:
      put("BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
      break;
    case TransactionKind::Locked:
    case TransactionKind::OneLocked:
      put("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
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
  if (impl_->kind == TransactionKind::One || commitsAsItRuns(impl_->kind)) {
    impl_->pipeline.drop();  // what was not asked for
  } else {
    impl_->commit();
  }
  impl_->settle();
}

void PostgresConnection::rollback() noexcept {
  impl_->pipeline.drop();
  if (PQstatus(impl_->raw()) == CONNECTION_OK &&
      PQtransactionStatus(impl_->raw()) != PQTRANS_IDLE) {
    const Result result(PQexec(impl_->raw(), "ROLLBACK"), &PQclear);
  }
  impl_->settle();
}

Answer PostgresConnection::run(const std::string& text, const std::vector<Value>& values) {
  if (commitsAsItRuns(impl_->kind)) {
    return impl_->runAndCommit(text, values);
  }
  impl_->pipeline.add(text, values);
  return impl_->pipeline.send(impl_->raw());
}

void PostgresConnection::post(const std::string& text, const std::vector<Value>& values) {
  impl_->pipeline.add(text, values);
}

std::shared_ptr<std::optional<Rows>> PostgresConnection::ask(const std::string& text,
                                                             const std::vector<Value>& values) {
  auto rows = std::make_shared<std::optional<Rows>>();
  impl_->pipeline.add(text, values, rows);
  return rows;
}

void PostgresConnection::flush() {
  if (impl_->pipeline.size() > 0) {
    impl_->pipeline.send(impl_->raw());
  }
}

void PostgresConnection::script(const std::string& sql) {
  flush();
  impl_->exec(sql);
}

}  // namespace reeld::db
