#include "db/sqlite_connection.h"

#include "db/failure.h"
#include "db/kept_statement.h"
#include "db/statement_cache.h"

#include <Poco/Data/SQLite/SQLiteStatementImpl.h>
#include <Poco/Data/SQLite/SessionImpl.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <sqlite3.h>

namespace reeld::db {

namespace {

constexpr std::size_t KeptInSqlite = 256;
/// Waiting for other processes (backup tools, sqlite3 shells) only; our own writer queues before
/// it.
constexpr int BusyMs = 5000;

/// Poco compiles anew at every execution; this one compiles once. Its binding stays ready to bind,
/// which makes the base rewind, and canBind() says that one round is all.
class CompiledOnce final : public Poco::Data::SQLite::SQLiteStatementImpl, public Cells {
 public:
  CompiledOnce(Poco::Data::SessionImpl& session, sqlite3* handle)
      : SQLiteStatementImpl(session, handle), handle_(handle) {}

  std::size_t columnCount() const override { return columnsReturned(); }
  Cell cell(std::size_t number) const override {
    const int column = static_cast<int>(number);
    switch (sqlite3_column_type(raw_, column)) {
      case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(raw_, column)};
      case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(raw_, column));
        return std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(raw_, column)));
      }
      case SQLITE_NULL:
        return std::monostate{};
      default:
        throw Error(ErrorCode::Internal,
                    "column " + std::to_string(number) +
                        " is neither integer nor text (CAST it): " + sqlite3_sql(raw_));
    }
  }
  /// The values outlive the execution, and run() clears the bindings after it.
  void bindText(std::size_t position, const std::string& text) override {
    if (sqlite3_bind_text64(raw_, static_cast<int>(position), text.data(), text.size(),
                            SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
      throw sqliteFailure(handle_, "the database refused a value");
    }
  }
  sqlite3_stmt* raw() const noexcept { return raw_; }

 protected:
  void compileImpl() override {
    if (raw_ != nullptr)
      return;
    SQLiteStatementImpl::compileImpl();
    raw_ = sqlite3_next_stmt(handle_, nullptr);  // the newest of the connection
  }
  bool canBind() const override { return false; }

 private:
  sqlite3* handle_;
  sqlite3_stmt* raw_ = nullptr;
};

struct Kept {
  Kept(Poco::Data::SessionImpl& session, sqlite3* handle, const std::string& text,
       std::size_t placeholders)
      : compiled(new CompiledOnce(session, handle)),
        statement(compiled, text, *compiled, placeholders) {}
  Poco::SharedPtr<CompiledOnce> compiled;
  KeptStatement statement;
};

}  // namespace

struct SqliteConnection::Impl {
  Impl(const std::string& path, SqliteRole role)
      : session(new Poco::Data::SQLite::SessionImpl(path, 0)),
        handle(Poco::Data::SQLite::Utility::dbHandle(session)),
        kept(KeptInSqlite) {
    sqlite3_busy_timeout(handle, BusyMs);
    requireWal(path);
    exec("PRAGMA synchronous=FULL");
    exec("PRAGMA foreign_keys=ON");
    exec("PRAGMA trusted_schema=OFF");
    exec("PRAGMA temp_store=MEMORY");
    // The default of 2 MiB holds no index of a large table: each look into one was a read(). Taken
    // as pages are read, so a small database has little of it.
    exec("PRAGMA cache_size=-16384");
    exec("PRAGMA journal_size_limit=67108864");  // a burst of writes leaves no huge file behind
    if (role == SqliteRole::Reader)
      exec("PRAGMA query_only=ON");
  }

  /// SQLite answers with the mode it kept when it cannot change it, and calls that success.
  void requireWal(const std::string& path) {
    std::string mode;
    const auto keep = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) = values[0] == nullptr ? "" : values[0];
      return 0;
    };
    if (sqlite3_exec(handle, "PRAGMA journal_mode=WAL", keep, &mode, nullptr) != SQLITE_OK) {
      throw sqliteFailure(handle, "cannot open the database " + path);
    }
    if (mode != "wal") {
      throw Error(ErrorCode::Invalid, "the database " + path +
                                          " cannot use a write-ahead log there (use a local disk)");
    }
  }

  void exec(const std::string& sql) {
    if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw sqliteFailure(handle, "the database refused \"" + sql.substr(0, sql.find('\n')) + "\"");
    }
  }

  Poco::Data::Session session;
  sqlite3* handle;
  StatementCache<Kept> kept;
  bool is_one = false;  ///< a single SELECT runs, without a transaction
};

SqliteConnection::SqliteConnection(const std::string& path, SqliteRole role) {
  try {
    impl_ = std::make_unique<Impl>(path, role);
  } catch (const Poco::Exception& error) {
    throw Error(ErrorCode::Unavailable,
                "cannot open the database " + path + ": " + error.displayText());
  }
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::begin(TransactionKind kind) {
  impl_->is_one = kind == TransactionKind::One;
  if (!impl_->is_one) {
    impl_->exec(kind == TransactionKind::Read ? "BEGIN" : "BEGIN IMMEDIATE");
  }
}

void SqliteConnection::commit() {
  if (!impl_->is_one) {
    impl_->exec("COMMIT");
  }
  impl_->kept.trim();
}

void SqliteConnection::rollback() noexcept {
  // Some errors (a full disk) have ended the transaction already.
  if (sqlite3_get_autocommit(impl_->handle) == 0) {
    sqlite3_exec(impl_->handle, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  impl_->kept.trim();
}

Answer SqliteConnection::run(const std::string& text, const std::vector<Value>& values) {
  Kept& kept = impl_->kept.at(text, [&] {
    return std::make_unique<Kept>(*impl_->session.impl(), impl_->handle, text, values.size());
  });
  const sqlite3_int64 changes_before = sqlite3_total_changes64(impl_->handle);
  Answer answer;
  try {
    answer.rows = kept.statement.execute(values);
  } catch (const Poco::Exception&) {
    const Failure failure = sqliteFailure(impl_->handle, "the database refused a statement");
    impl_->kept.take(text);
    throw failure;
  } catch (...) {
    impl_->kept.take(text);
    throw;
  }
  // Poco's own count adds up over executions, so it is not used.
  if (sqlite3_stmt_readonly(kept.compiled->raw()) != 0) {
    answer.affected = static_cast<std::int64_t>(answer.rows.size());
  } else if (sqlite3_total_changes64(impl_->handle) != changes_before) {
    answer.affected = sqlite3_changes64(impl_->handle);
  }
  sqlite3_reset(kept.compiled->raw());
  sqlite3_clear_bindings(kept.compiled->raw());
  return answer;
}

void SqliteConnection::script(const std::string& sql) { impl_->exec(sql); }

void SqliteConnection::copyTo(const std::string& path) {
  std::string quoted;
  for (const char c : path)
    quoted += c == '\'' ? "''" : std::string(1, c);
  impl_->exec("VACUUM INTO '" + quoted + "'");
}

}  // namespace reeld::db
