// The file that PostgreSQL's client reads the password from where the address has none
// (PGPASSFILE, ~/.pgpass; libpq, "The Password File").
#pragma once
#include <string>

namespace reeld::app::service {

/// What is wrong with its owner or mode, and the command that puts it right; empty if nothing is,
/// and where a database of this URL needs no such file: SQLite, a server on a local socket (peer
/// authentication), a password in the address.
std::string passwordFileFault(const std::string& database_url);

}  // namespace reeld::app::service
