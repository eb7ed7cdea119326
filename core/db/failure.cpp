#include "db/failure.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <string_view>

namespace reeld::db {

namespace {

constexpr std::uint32_t RetryAfterMs = 1000;
/// The server ended a transaction that did nothing for too long; it would do so again.
constexpr std::string_view IdleTooLong = "25P03";

Error unavailable(const std::string& text) {
  return Error(ErrorCode::Unavailable, text).retryAfter(RetryAfterMs);
}
Error storageFull(const std::string& text) {
  return Error(ErrorCode::Exhausted, text + " (free space on the database's disk)")
      .reason("storage-full");
}
Error conflict() {
  return {ErrorCode::Conflict, "a unique value is taken, or a row that is referred to is missing"};
}

struct Parsed {
  std::string state;
  std::string text;
};

/// "ERROR:  23505: duplicate key ...\nDETAIL: ..." -> the state and the first line without it.
Parsed parseVerbose(std::string_view message) {
  const std::string_view line = message.substr(0, message.find('\n'));
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos)
    return {"", std::string(line)};
  const std::size_t start = line.find_first_not_of(' ', colon + 1);
  if (start == std::string_view::npos || line.size() < start + 6 || line[start + 5] != ':') {
    return {"", std::string(line)};
  }
  const std::string_view state = line.substr(start, 5);
  const bool is_state = std::all_of(state.begin(), state.end(), [](unsigned char c) {
    return std::isdigit(c) != 0 || std::isupper(c) != 0;
  });
  if (!is_state)
    return {"", std::string(line)};
  const std::size_t rest = std::min(line.find_first_not_of(' ', start + 6), line.size());
  return {std::string(state), std::string(line.substr(rest))};
}

struct Rule {
  std::string_view prefix;  ///< of the SQLSTATE; the first that fits decides
  FailureKind kind;
  Error (*make)(const std::string& text);
};

Error internal(const std::string& text) { return {ErrorCode::Internal, text}; }
Error timeout(const std::string& text) { return {ErrorCode::Timeout, text}; }
Error takenValue(const std::string&) { return conflict(); }
Error badValue(const std::string&) {
  return {ErrorCode::Invalid, "a value cannot be stored: out of range or not valid text"};
}

constexpr std::array<Rule, 16> Rules = {{
    {"40001", FailureKind::Serialization, unavailable},
    {"40P01", FailureKind::Serialization, unavailable},
    {"0A000", FailureKind::StaleStatement, internal},  // cached plan must not change result type
    {"26000", FailureKind::StaleStatement, internal},  // the prepared statement is gone
    {"23505", FailureKind::Plain, takenValue},
    {"23503", FailureKind::Plain, takenValue},
    {"22", FailureKind::Plain, badValue},
    {"08", FailureKind::ConnectionLost, unavailable},
    {"57P", FailureKind::ConnectionLost, unavailable},  // shutdown, crash, cannot connect now
    {"57014", FailureKind::Plain, timeout},
    {"55P03", FailureKind::Plain, unavailable},  // lock not available in time
    {"53100", FailureKind::Plain, storageFull},
    {"53", FailureKind::Plain, unavailable},
    {"58", FailureKind::Plain, unavailable},
    {"XX001", FailureKind::Plain, internal},
    {"", FailureKind::Plain, internal},
}};

/// What only who administers the server can mend, and how.
std::string remedy(PGconn* connection, const std::string& state) {
  const char* const user = PQuser(connection);
  const char* const name = PQdb(connection);
  if (user == nullptr || name == nullptr) {
    return "";
  }
  return state == NotAllowed ? std::string(" (ALTER DATABASE \"") + name + "\" OWNER TO \"" + user +
                                   "\", and so for what another made in it)"
                             : "";
}

}  // namespace

Failure postgresFailure(PGconn* connection, const std::string& doing, const char* message) {
  const bool is_said = message != nullptr && *message != '\0';
  Parsed parsed = parseVerbose(is_said ? message : PQerrorMessage(connection));
  // Without an SQLSTATE it was libpq itself that failed: after a failed write the status stays "ok"
  // until the end of the connection has been read as well.
  if (PQstatus(connection) != CONNECTION_OK || parsed.state.empty()) {
    if (parsed.state.empty()) {
      parsed.state = "08006";
    }
    return {unavailable(doing + ": the connection to the database is lost: " + parsed.text +
                        " [SQLSTATE " + parsed.state + "]"),
            parsed.state == IdleTooLong ? FailureKind::Plain : FailureKind::ConnectionLost,
            parsed.state};
  }
  const auto* rule = std::find_if(Rules.begin(), Rules.end() - 1, [&](const Rule& candidate) {
    return parsed.state.starts_with(candidate.prefix);
  });
  return {rule->make(doing + ": " + parsed.text + " [SQLSTATE " + parsed.state + "]" +
                     remedy(connection, parsed.state)),
          rule->kind, parsed.state};
}

Failure sqliteFailure(sqlite3* handle, const std::string& doing) {
  const int extended = sqlite3_extended_errcode(handle);
  const std::string state = std::to_string(extended);
  const std::string text = doing + ": " + sqlite3_errmsg(handle) + " [SQLite " + state + "]";
  const auto plain = [&](Error&& error) {
    return Failure(std::move(error), FailureKind::Plain, state);
  };
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return plain(conflict());
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return plain(unavailable(text + " (another process holds the database)"));
    case SQLITE_FULL:
      return plain(storageFull(text));
    case SQLITE_IOERR: {
      const int os = sqlite3_system_errno(handle);
      return plain(os == ENOSPC || os == EDQUOT ? storageFull(text) : unavailable(text));
    }
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return plain(unavailable(text));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return plain(Error(ErrorCode::Corrupt, text + " (restore a backup)"));
    case SQLITE_INTERRUPT:
      return plain(timeout(text));
    case SQLITE_TOOBIG:
      return plain(badValue(text));
    default:
      return plain(internal(text));
  }
}

}  // namespace reeld::db
