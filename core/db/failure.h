// What an engine answered when it refused a statement: an Error that also says what a retry may do.
// The message ends with the SQLSTATE (or SQLite's extended code); values and names of keys are left
// out, because a CONFLICT or INVALID is read by clients.
#pragma once
#include "base/error.h"

#include <string>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
typedef struct sqlite3 sqlite3;

namespace reeld::db {

enum class FailureKind {
  Plain,
  Serialization,   ///< the same transaction may succeed when it runs again
  ConnectionLost,  ///< nothing was committed unless COMMIT had been sent
  StaleStatement,  ///< a kept statement no longer fits the schema: run again on fresh statements
};

class Failure : public Error {
 public:
  Failure(Error&& error, FailureKind kind, std::string state)
      : Error(std::move(error)), kind_(kind), state_(std::move(state)) {}
  FailureKind kind() const noexcept { return kind_; }
  /// SQLSTATE, or SQLite's extended result code as text.
  const std::string& state() const noexcept { return state_; }

 private:
  FailureKind kind_;
  std::string state_;
};

/// SQLSTATE insufficient_privilege: what only who administers the server can mend.
inline constexpr std::string_view NotAllowed = "42501";

/// The last error of a connection; `doing` names what was tried.
Failure sqliteFailure(sqlite3* handle, const std::string& doing);
/// The connection must report errors verbosely (PQERRORS_VERBOSE): the SQLSTATE is read from the
/// text. `message` is that of a result; without one the connection's last is taken.
Failure postgresFailure(PGconn* connection, const std::string& doing,
                        const char* message = nullptr);

}  // namespace reeld::db
