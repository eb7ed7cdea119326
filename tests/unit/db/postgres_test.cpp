// What only PostgreSQL can show: restarts of the server, passwords, kept statements on the server.
// The restarts are done to a server of this file's own, so that nobody else's is disturbed.
#include "db/postgres_url.h"
#include "engines.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <latch>
#include <thread>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {

std::string answerOf(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr)
    text += buffer;
  REQUIRE(::pclose(pipe) == 0);
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

class PrivateServer {
 public:
  PrivateServer() {
    std::string pattern = "/tmp/reeld-own-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    url_ = answerOf(tool("start"));
  }
  ~PrivateServer() { answerOf(tool("stop")); }
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;
  void crash() { answerOf(tool("restart") + " immediate"); }
  const std::string& url() const { return url_; }

 private:
  std::string tool(const std::string& verb) const {
    return std::string(REELD_TEST_TOOLS) + "/postgres " + verb + " " + folder_;
  }
  std::string folder_;
  std::string url_;
};

const Statement SelectOne("SELECT 1");

/// Opens the pool's sessions all at once and leaves them idle.
void warm(Database& database, int sessions) {
  std::latch together(sessions);
  std::vector<std::thread> threads;
  for (int i = 0; i < sessions; ++i) {
    threads.emplace_back([&] {
      database.read([&](Session& session) {
        session.query(SelectOne);
        together.arrive_and_wait();
      });
    });
  }
  for (auto& thread : threads)
    thread.join();
}

int openDescriptors() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

struct Opened {
  explicit Opened(const std::string& url, int pool = 5) {
    options.url = url;
    options.pool = pool;
    database = Database::open(options, log, metrics);
  }
  DatabaseOptions options;
  Log log{LogLevel::Error};
  Metrics metrics;
  std::unique_ptr<Database> database;
};

}  // namespace

TEST_CASE("the PostgreSQL half of these tests has a server") {
  if (postgresUrl() != nullptr) {
    CHECK(onServer(postgresUrl(), "SELECT 1") == "1");
    return;
  }
  // One counted line of the run's summary, so that nobody takes half for the whole.
  if (const char* results = std::getenv("REELD_TEST_RESULTS")) {
    std::ofstream(results, std::ios::app)
        << "skip\tunit\tdb on PostgreSQL: REELD_TEST_POSTGRES is not set\t0\n";
  }
  WARN("db on PostgreSQL: REELD_TEST_POSTGRES is not set");
}

TEST_CASE("after a crash of the server no call fails") {
  if (postgresUrl() == nullptr)
    return;
  PrivateServer server;
  Opened opened(server.url());
  Database& database = *opened.database;
  warm(database, 5);
  const int descriptors = openDescriptors();
  for (int round = 0; round < 3; ++round) {
    server.crash();
    for (int i = 0; i < 10; ++i) {
      const ErrorCode code =
          codeOf([&] { database.read([](Session& session) { session.query(SelectOne); }); });
      CHECK(code == ErrorCode::Ok);
    }
    warm(database, 5);
  }
  CHECK(openDescriptors() == descriptors);
}

TEST_CASE("a crash in the middle of a transaction runs it again, unless it was being committed") {
  if (postgresUrl() == nullptr)
    return;
  PrivateServer server;
  Opened opened(server.url());
  Database& database = *opened.database;
  static const Statement create("CREATE TABLE t (n BIGINT)");
  static const Statement insert("INSERT INTO t (n) VALUES ($1)");
  static const Statement count("SELECT COUNT(*) FROM t");
  database.transact([](Session& session) { session.execute(create); });
  int runs = 0;
  database.transact([&](Session& session) {
    session.execute(insert, 1);
    if (++runs == 1)
      server.crash();
    session.execute(insert, 2);
  });
  CHECK(runs == 2);
  CHECK(database.read([](Session& s) { return s.query(count).at(0).integer(0); }) == 2);

  // The last statement is behind us: the next word to the server is COMMIT, whose answer never
  // comes.
  const ErrorCode code = codeOf([&] {
    database.transact([&](Session& session) {
      session.execute(insert, 3);
      server.crash();
    });
  });
  CHECK(code == ErrorCode::Unavailable);
  CHECK(database.read([](Session& s) { return s.query(count).at(0).integer(0); }) == 2);
}

TEST_CASE("while the server is away calls are UNAVAILABLE, then everything works again") {
  if (postgresUrl() == nullptr)
    return;
  std::string pattern = "/tmp/reeld-own-XXXXXX";
  const std::string folder = ::mkdtemp(pattern.data());
  const std::string tool = std::string(REELD_TEST_TOOLS) + "/postgres ";
  Opened opened(answerOf(tool + "start " + folder));
  Database& database = *opened.database;
  warm(database, 5);
  const int descriptors = openDescriptors();
  answerOf(tool + "stop " + folder);
  for (int i = 0; i < 20; ++i) {
    CHECK(codeOf([&] { database.ping(std::chrono::seconds(1)); }) == ErrorCode::Unavailable);
  }
  CHECK(openDescriptors() <= descriptors);
  answerOf(tool + "start " + folder);
  CHECK_NOTHROW(database.ping(std::chrono::seconds(5)));
  warm(database, 5);
  CHECK(openDescriptors() == descriptors);
  opened.database.reset();
  answerOf(tool + "stop " + folder);
}

TEST_CASE("a password arrives whatever is in it, and is shown nowhere") {
  if (postgresUrl() == nullptr)
    return;
  initCrypto();
  const std::string role = "reeld_test_" + toHex(sha256(randomToken(8))).substr(0, 8);
  onServer(postgresUrl(),
           "CREATE ROLE " + role + " LOGIN PASSWORD 'a b:c\\d''e@f/g' IN ROLE with_password");
  const std::string base = postgresUrl();
  const std::string rest = base.substr(base.find('@'));
  const std::string good = "postgresql://" + role + ":a%20b%3Ac%5Cd%27e%40f%2Fg" + rest;
  {
    Opened opened(good, 1);
    CHECK_NOTHROW(opened.database->ping(std::chrono::seconds(5)));
    const PostgresUrl url(good);
    CHECK_THAT(url.shown(), !ContainsSubstring("a b") && ContainsSubstring(role));
    CHECK_THAT(url.connectionText(), !ContainsSubstring("a b") && !ContainsSubstring("a%20b"));
  }
  try {
    Opened opened("postgresql://" + role + ":wrong-secret" + rest, 1);
    FAIL("a wrong password was accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Unavailable);
    CHECK_THAT(error.what(), !ContainsSubstring("wrong-secret") && ContainsSubstring("password"));
  }
  onServer(postgresUrl(), "DROP ROLE " + role);
}

TEST_CASE("URLs that cannot be passed on are refused without showing them") {
  const auto refusal = [](const std::string& url) -> std::string {
    try {
      const PostgresUrl parsed(url);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Invalid);
      return error.what();
    }
    return "accepted";
  };
  CHECK_THAT(refusal("postgresql://me:hunter2@host:12x/db"),
             ContainsSubstring("port") && !ContainsSubstring("hunter2"));
  CHECK_THAT(refusal("postgresql://me:hunter2@[::1/db"),
             ContainsSubstring("not a valid") && !ContainsSubstring("hunter2"));
  CHECK_THAT(refusal("postgresql://me:hunter2%zz@h/db"),
             ContainsSubstring("not a valid") && !ContainsSubstring("hunter2"));
  CHECK_THAT(refusal("postgresql://me%20too:hunter2@h/db"),
             ContainsSubstring("space") && !ContainsSubstring("hunter2"));
  CHECK_THAT(refusal("postgresql://me:a%0Ab@h/db"), ContainsSubstring("line break"));
  CHECK_THAT(refusal("postgresql://me@h/db?nonsense=1"), ContainsSubstring("not a valid"));
  CHECK(PostgresUrl("postgresql://o'brien@h:5433/d%5Cb").connectionText().find("user=o\\'brien") !=
        std::string::npos);
}

TEST_CASE("a statement is prepared once per session") {
  const auto engine = GENERATE(from_range(engines()));
  if (engine == Dialect::Sqlite)
    return;
  Sandbox sandbox(engine);
  sandbox.options.pool = 1;
  const auto database = sandbox.open();
  static const Statement echo("SELECT CAST($1 AS BIGINT)");
  for (int round = 0; round < 3; ++round) {
    database->read([](Session& session) {
      for (int i = 0; i < 20; ++i)
        CHECK(session.query(echo, i).at(0).integer(0) == i);
    });
  }
  database->read([](Session& session) {
    const Row row = session
                        .queryText(
                            "SELECT COUNT(*), CAST(SUM(generic_plans + custom_plans) AS BIGINT) "
                            "FROM pg_prepared_statements WHERE statement LIKE '%AS BIGINT)' AND "
                            "statement NOT LIKE '%COUNT%'",
                            {})
                        .at(0);
    CHECK(row.integer(0) == 1);
    CHECK(row.integer(1) == 60);
  });
}

TEST_CASE("statements that fail leave nothing prepared behind") {
  if (postgresUrl() == nullptr)
    return;
  Sandbox sandbox(Dialect::Postgres);
  sandbox.options.pool = 1;
  const auto database = sandbox.open();
  static const Statement divide("SELECT 1 / CAST($1 AS BIGINT)");
  for (int i = 0; i < 30; ++i) {
    CHECK(codeOf([&] {
            database->read([](Session& s) {
              s.query(divide, 1);
              s.query(divide, 0);
            });
          }) == ErrorCode::Invalid);
  }
  const auto left = database->read([](Session& session) {
    return session
        .queryText("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 /%'",
                   {})
        .at(0)
        .integer(0);
  });
  CHECK(left == 0);
}

TEST_CASE("a table that changed under a kept statement is no error") {
  const auto engine = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(engine)) {
    Sandbox sandbox(engine);
    const auto database = sandbox.open();
    database->transact([](Session& s) {
      s.script("CREATE TABLE t (a BIGINT, b TEXT); INSERT INTO t VALUES (1, 'x')");
    });
    static const Statement all("SELECT a, b FROM t");
    CHECK(database->read([](Session& s) { return s.query(all).at(0).text(1); }) == "x");
    database->transact([](Session& s) {
      s.script("DROP TABLE t; CREATE TABLE t (b BIGINT, a TEXT); INSERT INTO t VALUES (2, 'y')");
    });
    const Row row = database->read([](Session& s) { return s.query(all).at(0); });
    CHECK(row.text(0) == "y");
    CHECK(row.integer(1) == 2);
  }
}

TEST_CASE("the server compiles no statement of ours, however many rows it expects") {
  if (postgresUrl() == nullptr)
    return;
  Sandbox sandbox(Dialect::Postgres);
  const auto database = sandbox.open();
  // By the session itself, whatever the server's default is.
  static const Statement setting(
      "SELECT setting || ' by ' || source FROM pg_settings WHERE name = 'jit'");
  CHECK(database->read([](Session& s) { return s.query(setting).at(0).text(0); }) ==
        "off by session");
}
