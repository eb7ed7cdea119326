// What the engines' errors become.
#include "db/failure.h"

#include "engines.h"

#include <sys/stat.h>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

struct Seen {
  ErrorCode code = ErrorCode::Ok;
  std::string reason;
  std::string text;
  int runs = 0;
};

/// Runs the SQL alone in a transaction.
Seen run(Database& database, const std::string& sql) {
  Seen seen;
  try {
    database.transact([&](Session& session) {
      ++seen.runs;
      session.script(sql);
    });
  } catch (const Error& error) {
    seen.code = error.code();
    seen.reason = error.reason();
    seen.text = error.what();
  }
  return seen;
}

std::string raise(const std::string& state) {
  return "DO $$ BEGIN RAISE EXCEPTION 'the cause' USING ERRCODE = '" + state + "'; END $$";
}

}  // namespace

TEST_CASE("an SQLSTATE becomes a code, and says whether to try again") {
  if (postgresUrl() == nullptr)
    return;
  Sandbox sandbox(Dialect::Postgres);
  sandbox.options.wait = std::chrono::milliseconds(200);
  const auto database = sandbox.open();
  struct Case {
    const char* state;
    ErrorCode code;
    const char* reason;
    bool again;
  };
  const Case cases[] = {
      {"40001", ErrorCode::Unavailable, "", true},
      {"40P01", ErrorCode::Unavailable, "", true},
      {"0A000", ErrorCode::Internal, "", true},
      {"57P01", ErrorCode::Unavailable, "", true},
      {"08006", ErrorCode::Unavailable, "", true},
      {"23505", ErrorCode::Conflict, "", false},
      {"23503", ErrorCode::Conflict, "", false},
      {"23514", ErrorCode::Internal, "", false},
      {"22003", ErrorCode::Invalid, "", false},
      {"53100", ErrorCode::Exhausted, "storage-full", false},
      {"53300", ErrorCode::Unavailable, "", false},
      {"57014", ErrorCode::Timeout, "", false},
      {"55P03", ErrorCode::Unavailable, "", false},
      {"42P01", ErrorCode::Internal, "", false},
  };
  for (const Case& each : cases) {
    const Seen seen = run(*database, raise(each.state));
    INFO(each.state << ": " << seen.text);
    CHECK(seen.code == each.code);
    CHECK(seen.reason == each.reason);
    CHECK((seen.runs > 1) == each.again);
    // What clients may read names nothing of ours; what administrators read has the state.
    const bool for_clients = each.code == ErrorCode::Conflict || each.code == ErrorCode::Invalid;
    CHECK((seen.text.find("the cause") == std::string::npos) == for_clients);
    if (!for_clients)
      CHECK_THAT(seen.text, ContainsSubstring(std::string("SQLSTATE ") + each.state));
  }
}

TEST_CASE("a full disk is EXHAUSTED and loses only its own transaction") {
  Sandbox sandbox(Dialect::Sqlite);
  const auto database = sandbox.open();
  static const Statement insert("INSERT INTO t (x) VALUES ($1)");
  static const Statement count("SELECT COUNT(*) FROM t");
  run(*database, "CREATE TABLE t (x TEXT)");
  database->transact([](Session& session) { session.execute(insert, "kept"); });
  run(*database, "PRAGMA max_page_count = 20");
  Seen seen;
  try {
    database->transact([](Session& session) {
      for (int i = 0; i < 100; ++i)
        session.execute(insert, std::string(4000, 'x'));
    });
  } catch (const Error& error) {
    seen.code = error.code();
    seen.reason = error.reason();
  }
  CHECK(seen.code == ErrorCode::Exhausted);
  CHECK(seen.reason == "storage-full");
  run(*database, "PRAGMA max_page_count = 100000");
  database->transact([](Session& session) { session.execute(insert, "next"); });
  CHECK(database->read([](Session& s) { return s.query(count).at(0).integer(0); }) == 2);
}

TEST_CASE("a file that is no database is CORRUPT, one that may not be read is UNAVAILABLE") {
  Sandbox sandbox(Dialect::Sqlite);
  const std::string path = (sandbox.folder() / "test.db").string();
  {
    std::FILE* file = std::fopen(path.c_str(), "w");
    for (int i = 0; i < 1000; ++i)
      std::fputs("this is not a database\n", file);
    std::fclose(file);
  }
  CHECK(codeOf([&] { sandbox.open(); }) == ErrorCode::Corrupt);
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  CHECK(codeOf([&] { sandbox.open(); }) == ErrorCode::Unavailable);
}

TEST_CASE("a new database file is its owner's alone") {
  Sandbox sandbox(Dialect::Sqlite);
  const auto database = sandbox.open();
  run(*database, "CREATE TABLE t (x TEXT)");
  for (const char* name : {"test.db", "test.db-wal", "test.db-shm"}) {
    struct stat facts {};
    REQUIRE(::stat((sandbox.folder() / name).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
  }
}

TEST_CASE("sessions that the server ended while idle are replaced unnoticed") {
  if (postgresUrl() == nullptr)
    return;
  Sandbox sandbox(Dialect::Postgres);
  sandbox.options.url += "&application_name=" + sandbox.folder().filename().string();
  const auto database = sandbox.open();
  const std::string end =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '" +
      sandbox.folder().filename().string() + "'";
  for (int i = 0; i < 10; ++i) {
    onServer(postgresUrl(), end);
    CHECK(run(*database, "SELECT 1").code == ErrorCode::Ok);
  }
  // In the middle: the body runs again on another session.
  int runs = 0;
  static const Statement one("SELECT 1");
  database->transact([&](Session& session) {
    session.query(one);
    if (++runs == 1)
      onServer(postgresUrl(), end);
    session.query(one);
  });
  CHECK(runs == 2);
}
