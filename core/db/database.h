// The database behind one door: SQLite (one writer, N readers) or PostgreSQL (bounded pool).
// Every rule of the design's section 8 holds here: kept prepared statements drained before the
// session goes back, deadlines, no session returned inside a transaction, no commit of an aborted
// transaction, serialization failures retried with jitter, errors with the SQLSTATE. Poco types
// stay in the .cpp files.
#pragma once
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/row.h"
#include "db/statement.h"
#include "db/transaction_kind.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <type_traits>
#include <vector>

namespace reeld::db {

/// What parts of this daemon may want to hear of as soon as it is committed here.
enum class News : std::size_t {
  Event,       ///< a row of the outbox
  Revocation,  ///< what was granted before is void
  Mail,        ///< a row of the mail queue
  Access,      ///< a user's role or state, or the end of a session
  Catalog,     ///< a video as lists show it
};
inline constexpr std::size_t NewsCount = 5;

class Session;

/// A question that has been put and whose answer is not needed yet (Session::ask). Good for as long
/// as its session is.
class Asked {
 public:
  using Answer = std::shared_ptr<std::optional<Rows>>;
  Asked(Session& session, Answer answer) : session_(&session), answer_(std::move(answer)) {}
  /// Waits for them if they are not there. Throws what the query does.
  const Rows& rows() const;

 private:
  Session* session_;
  Answer answer_;
};

/// A borrowed connection inside transact() or read(). Never outlives the body; one thread. Once a
/// statement has failed the transaction can only be rolled back, on both engines: catching the
/// error does not save it.
class Session {
 public:
  virtual ~Session() = default;

  template <class... Args>
  Rows query(const Statement& statement, const Args&... args) {
    return run(statement, {toValue(args)...}).rows;
  }
  /// Rows affected.
  template <class... Args>
  std::int64_t execute(const Statement& statement, const Args&... args) {
    return run(statement, {toValue(args)...}).affected;
  }
  /// For what changes rows and is not looked at again: no answer, no wait. It runs before anything
  /// behind it; if it fails, the next statement or the commit throws (on SQLite it throws itself).
  template <class... Args>
  void post(const Statement& statement, const Args&... args) {
    send(statement, {toValue(args)...});
  }
  /// A query that goes with what is asked next, so that several cost one wait. It sees what was
  /// changed before it.
  template <class... Args>
  Asked ask(const Statement& statement, const Args&... args) {
    return {*this, sendQuery(statement, {toValue(args)...})};
  }
  /// The first row or nothing.
  template <class... Args>
  std::optional<Row> find(const Statement& statement, const Args&... args) {
    Rows rows = query(statement, args...);
    return rows.empty() ? std::nullopt : std::optional<Row>(std::move(rows.front()));
  }
  /// For lists whose filters are put together at run time from our own literals (never from input).
  virtual Rows queryText(const std::string& sql, const std::vector<Value>& values) = 0;
  virtual Dialect dialect() const noexcept = 0;
  /// The database's clock, epoch milliseconds.
  EpochMs now();
  /// Runs once after this transaction has committed (wake-ups, cache drops); nothing on rollback.
  virtual void afterCommit(std::function<void()> action) = 0;
  /// Several statements without values or results; for migrations.
  virtual void script(const std::string& sql) = 0;
  /// Once the transaction commits, whoever listens for this (Database::listen) is told.
  virtual void announce(News news) noexcept = 0;

 protected:
  struct Result {
    Rows rows;
    std::int64_t affected = 0;
  };
  virtual Result run(const Statement& statement, const std::vector<Value>& values) = 0;
  virtual void send(const Statement& statement, const std::vector<Value>& values) = 0;
  virtual Asked::Answer sendQuery(const Statement& statement, const std::vector<Value>& values) = 0;

 private:
  friend class Asked;
  virtual void flush() = 0;
};

struct DatabaseOptions {
  std::string url;  ///< "sqlite:<path>" (relative to data_dir) or
                    ///< "postgresql://user@host/name?host=/socket"
  std::string data_dir;
  int pool = 8;  ///< PostgreSQL sessions, or SQLite readers
  std::chrono::milliseconds wait{
      5000};  ///< for a session or the writer lock; then Error UNAVAILABLE
};

class Database {
 public:
  virtual ~Database() = default;

  /// Throws Error UNAVAILABLE if the database cannot be reached (exit 75), INVALID for a bad URL
  /// (78).
  static std::unique_ptr<Database> open(const DatabaseOptions& options, Log& log, Metrics& metrics);

  /// Runs body in one read-write transaction and commits; any exception rolls back. It is as if
  /// alone: on SQLite it holds the one writer (BEGIN IMMEDIATE), on PostgreSQL it is SERIALIZABLE.
  /// The body may run again after a serialization failure or a lost connection, so it touches
  /// nothing but the session and its own results. A transaction inside a transaction of the same
  /// thread is Error INTERNAL.
  template <class Body>
  auto transact(Body&& body) -> std::invoke_result_t<Body&, Session&> {
    return runTyped(TransactionKind::Write, body);
  }
  /// The same for bodies that are right by row locks ({FOR UPDATE}), conditions in their UPDATEs
  /// and unique indexes alone: on PostgreSQL each statement sees what was committed before it (READ
  /// COMMITTED). Where many do the same at once to different rows, transact() lets them stumble
  /// over the pages of an index that they share, again and again.
  template <class Body>
  auto transactByLocks(Body&& body) -> std::invoke_result_t<Body&, Session&> {
    return runTyped(TransactionKind::Locked, body);
  }
  /// Read only; one consistent snapshot.
  template <class Body>
  auto read(Body&& body) -> std::invoke_result_t<Body&, Session&> {
    return runTyped(TransactionKind::Read, body);
  }

  /// Read only, and exactly one SELECT: no BEGIN and COMMIT round it, which are one of two round
  /// trips to PostgreSQL. Anything else, and a second statement, is Error INTERNAL.
  template <class Body>
  auto readOne(Body&& body) -> std::invoke_result_t<Body&, Session&> {
    return runTyped(TransactionKind::One, body);
  }

  /// transact() and transactByLocks() of exactly one statement: it is sent together with BEGIN and
  /// COMMIT, which are two of three round trips to PostgreSQL. So it runs again only where it is
  /// known not to have been committed, and what the body throws after it undoes nothing on
  /// PostgreSQL. ask(), post() and a second statement are std::logic_error.
  template <class Body>
  auto transactOne(Body&& body) -> std::invoke_result_t<Body&, Session&> {
    return runTyped(TransactionKind::OneWrite, body);
  }
  template <class Body>
  auto transactOneByLocks(Body&& body) -> std::invoke_result_t<Body&, Session&> {
    return runTyped(TransactionKind::OneLocked, body);
  }

  /// For migrations (migrate.h): one transaction without time limits that no other daemon's
  /// overlaps. Throws Error DENIED if the database belongs to another.
  virtual void changeSchema(const std::function<void(Session&)>& body) = 0;
  /// Writes a copy of the whole database to the path, durably; false where that is the server's
  /// business.
  virtual bool copyTo(const std::string& path) = 0;
  /// The file of an SQLite database, else empty.
  virtual std::string file() const = 0;

  /// The one listener for these news; it runs after each commit that announced them, on the
  /// committing thread, and may use the database. Returns when no call of the old one is running.
  void listen(News news, std::function<void()> listener);
  /// A lock between the daemons on one database, held until the object ends or its connection does;
  /// nothing if another daemon has it. The task is a word.
  class Leadership {
   public:
    virtual ~Leadership() = default;
    /// False once it is lost; then it stays so.
    virtual bool held() = 0;
  };
  virtual std::unique_ptr<Leadership> tryLead(const std::string& task) = 0;

  virtual Dialect dialect() const noexcept = 0;
  /// A trivial query within the deadline; throws Error UNAVAILABLE. For /readyz and the watchdog.
  virtual void ping(std::chrono::milliseconds deadline) = 0;

 protected:
  virtual void run(TransactionKind kind, const std::function<void(Session&)>& body) = 0;
  void tell(News news);

 private:
  template <class Body>
  auto runTyped(TransactionKind kind, Body& body) -> std::invoke_result_t<Body&, Session&> {
    using Result = std::invoke_result_t<Body&, Session&>;
    if constexpr (std::is_void_v<Result>) {
      run(kind, [&](Session& session) { body(session); });
    } else {
      std::optional<Result> result;
      run(kind, [&](Session& session) { result.emplace(body(session)); });
      return std::move(*result);
    }
  }

  struct Listener {
    std::shared_mutex mutex;  ///< shared while it is called
    std::function<void()> call;
  };
  std::array<Listener, NewsCount> listeners_;  ///< by News
};

}  // namespace reeld::db
