// reeld.host.sql/1 on both engines, through the SDK's own wrapper. PostgreSQL joins when
// REELD_TEST_POSTGRES is set.
#include "plugin/host_sql.h"

#include "../db/engines.h"
#include "world.h"

#include <reeld/cpp/host.hpp>

#include <future>

using namespace reeld;
using namespace reeld::test;

namespace {

struct Instance {
  ReadableLog log;
  Metrics metrics;
  plugin::Host host;
  plugin::HostSql service;
  Instance(const std::string& name, const db::DatabaseOptions& core, const std::string& data_dir)
      : host(name, data_dir), service(host, core, log.log, metrics) {}
  sdk::Sql sql() const { return sdk::Host(host.abi()).sql(); }
};

/// An instance's database on one engine, removed afterwards.
struct Bench {
  explicit Bench(db::Dialect dialect_) : dialect(dialect_) {
    initCrypto();
    core.url = dialect == db::Dialect::Sqlite ? "sqlite:core.db" : postgresUrl();
    core.data_dir = folder.path.string();
    name = "t-" + randomToken(6);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
      return c == '_' ? '0' : static_cast<char>(std::tolower(c));
    });
    std::filesystem::create_directory(folder / name);
    instance = std::make_unique<Instance>(name, core, folder / name);
  }
  ~Bench() {
    instance.reset();
    if (dialect == db::Dialect::Postgres) {
      onServer(postgresUrl(), "DROP SCHEMA IF EXISTS \"" + plugin::schemaOf(name) + "\" CASCADE");
    }
  }
  db::Dialect dialect;
  TempFolder folder;
  db::DatabaseOptions core;
  std::string name;
  std::unique_ptr<Instance> instance;
};

template <class Body>
void onEach(Body&& body) {
  for (const db::Dialect dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Bench bench(dialect);
      body(bench);
    }
  }
}

reeld_status statusOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const sdk::Failure& failure) {
    return failure.status();
  }
  return REELD_OK;
}

const char* const Table = "CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT, at BIGINT)";

}  // namespace

TEST_CASE("a plugin keeps rows in tables of its own") {
  onEach([](Bench& bench) {
    const sdk::Sql sql = bench.instance->sql();
    CHECK(sql.isSqlite() == (bench.dialect == db::Dialect::Sqlite));
    sql.execute(Table);
    sql.execute("INSERT INTO notes (id, body, at) VALUES ($1, $2, $3)",
                {"1", "it's {here}", std::nullopt});
    sql.executeMany("INSERT INTO notes (id, body, at) VALUES ($1, $2, $3)",
                    {{"2", "", "99"}, {"3", "größer", "-1"}});
    const auto rows =
        sql.execute("SELECT id, body, at FROM notes WHERE id >= $1 ORDER BY id", {"1"});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0] == sdk::SqlRow{"1", "it's {here}", std::nullopt});
    CHECK(rows[1] == sdk::SqlRow{"2", "", "99"});
    CHECK(rows[2] == sdk::SqlRow{"3", "größer", "-1"});
  });
}

TEST_CASE("a plugin's tables lie in its own file or schema and two instances do not meet") {
  onEach([](Bench& bench) {
    bench.instance->sql().execute(Table);
    if (bench.dialect == db::Dialect::Sqlite) {
      CHECK(std::filesystem::exists(bench.folder / (bench.name + "/instance.db")));
    } else {
      CHECK(onServer(postgresUrl(),
                     "SELECT schemaname FROM pg_tables WHERE tablename = 'notes' AND "
                     "schemaname = '" +
                         plugin::schemaOf(bench.name) + "'") == plugin::schemaOf(bench.name));
    }
    Bench other(bench.dialect);
    CHECK(statusOf([&] { other.instance->sql().execute("SELECT id FROM notes"); }) ==
          REELD_INTERNAL);
  });
}

TEST_CASE("an instance gets its database while another daemon is about to make it") {
  onEach([](Bench& bench) {
    if (bench.dialect == db::Dialect::Sqlite) {
      return;  // its file is its daemon's alone
    }
    const auto other =
        db::Database::open(bench.core, bench.instance->log.log, bench.instance->metrics);
    std::future<reeld_status> opened;
    other->changeSchema([&](db::Session& session) {
      session.script("CREATE SCHEMA \"" + plugin::schemaOf(bench.name) + "\"");
      opened = std::async(std::launch::async, [&] {
        return statusOf([&] { bench.instance->sql().execute("SELECT 1"); });
      });
      // Long enough to arrive at what is not committed yet; it must not have been told no.
      CHECK(opened.wait_for(std::chrono::milliseconds(500)) == std::future_status::timeout);
    });
    CHECK(opened.get() == REELD_OK);
  });
}

TEST_CASE("a unique violation is a conflict, and SQL outside the subset is invalid") {
  onEach([](Bench& bench) {
    const sdk::Sql sql = bench.instance->sql();
    sql.execute(Table);
    sql.execute("INSERT INTO notes (id) VALUES ($1)", {"1"});
    CHECK(statusOf([&] { sql.execute("INSERT INTO notes (id) VALUES ($1)", {"1"}); }) ==
          REELD_CONFLICT);
    CHECK(statusOf([&] { sql.execute("SELEKT"); }) == REELD_INTERNAL);
    CHECK(statusOf([&] { sql.execute("SELECT $2, $1", {"1", "2"}); }) == REELD_INVALID);
  });
}

TEST_CASE("rows of executeMany come all or not at all") {
  onEach([](Bench& bench) {
    const sdk::Sql sql = bench.instance->sql();
    sql.execute(Table);
    CHECK(statusOf([&] {
            sql.executeMany("INSERT INTO notes (id) VALUES ($1)", {{"1"}, {"2"}, {"1"}});
          }) == REELD_CONFLICT);
    CHECK(sql.execute("SELECT id FROM notes").empty());
  });
}

TEST_CASE("a transaction is shared by the statements of its thread and undone by a failure") {
  onEach([](Bench& bench) {
    const sdk::Sql sql = bench.instance->sql();
    sql.execute(Table);
    CHECK(statusOf([&] {
            sql.transact([&] {
              sql.execute("INSERT INTO notes (id) VALUES ($1)", {"1"});
              CHECK(sql.execute("SELECT id FROM notes").size() == 1);
              throw sdk::Failure(REELD_DENIED, "changed my mind");
            });
          }) == REELD_DENIED);
    CHECK(sql.execute("SELECT id FROM notes").empty());
    sql.transact([&] {
      sql.execute("INSERT INTO notes (id) VALUES ($1)", {"2"});
      sql.execute("INSERT INTO notes (id) VALUES ($1)", {"3"});
      CHECK(statusOf([&] { sql.transact([] {}); }) == REELD_INVALID);
    });
    CHECK(sql.execute("SELECT id FROM notes ORDER BY id").size() == 2);
  });
}

TEST_CASE("a sink that has enough is not called again") {
  onEach([](Bench& bench) {
    const sdk::Sql sql = bench.instance->sql();
    sql.execute(Table);
    sql.executeMany("INSERT INTO notes (id) VALUES ($1)", {{"1"}, {"2"}, {"3"}});
    const auto* table =
        sdk::Host(bench.instance->host.abi()).service<reeld_host_sql>(REELD_HOST_SQL);
    int seen = 0;
    const reeld_row_sink sink{&seen, [](void* ctx, const reeld_str*, std::size_t) -> int32_t {
                                return ++*static_cast<int*>(ctx) < 2 ? 1 : 0;
                              }};
    CHECK(table->execute(bench.instance->host.abi(), nullptr, sdk::abi("SELECT id FROM notes"),
                         nullptr, 0, &sink, nullptr) == REELD_OK);
    CHECK(seen == 2);
  });
}

TEST_CASE("a query is answered while another thread writes, and sees what its own thread wrote") {
  onEach([](Bench& bench) {
    const sdk::Sql sql = bench.instance->sql();
    sql.execute(Table);
    sql.transact([&] {
      sql.execute("INSERT INTO notes (id) VALUES ($1)", {"1"});
      CHECK(sql.query("SELECT id FROM notes").size() == 1);
      std::size_t elsewhere = 99;
      std::thread([&] { elsewhere = sql.query("SELECT id FROM notes").size(); }).join();
      CHECK(elsewhere == 0);
    });
    CHECK(sql.query("SELECT id FROM notes WHERE id = $1", {"1"}).size() == 1);
    CHECK(statusOf([&] { sql.query("DELETE FROM notes"); }) != REELD_OK);
    CHECK(sql.query("SELECT id FROM notes").size() == 1);
  });
}

TEST_CASE("a host of an earlier release has no query, and its execute answers instead") {
  Bench bench(db::Dialect::Sqlite);
  const reeld_host* host = bench.instance->host.abi();
  reeld_host_sql table = *sdk::Host(host).service<reeld_host_sql>(REELD_HOST_SQL);
  table.struct_size = offsetof(reeld_host_sql, query);
  CHECK(sdk::Sql(host, &table).query("SELECT 1") == std::vector<sdk::SqlRow>{{"1"}});
}

TEST_CASE("a call that is cancelled or out of time reaches no database") {
  Bench bench(db::Dialect::Sqlite);
  const auto* table = sdk::Host(bench.instance->host.abi()).service<reeld_host_sql>(REELD_HOST_SQL);
  const int32_t yes = 1;
  reeld_call call{};
  call.struct_size = sizeof call;
  call.cancelled = &yes;
  const auto run = [&] {
    return table->execute(bench.instance->host.abi(), &call, sdk::abi("SELECT 1"), nullptr, 0,
                          nullptr, nullptr);
  };
  CHECK(run() == REELD_CANCELLED);
  call.cancelled = nullptr;
  call.deadline_ms = 1;
  CHECK(run() == REELD_TIMEOUT);
}

TEST_CASE("a plugin whose database cannot be reached gets no service") {
  TempFolder folder;
  const Instance instance("lost",
                          {"postgresql://nobody@/none?host=/nonexistent", folder.path.string()},
                          folder.path.string());
  CHECK(sdk::Host(instance.host.abi()).service<void>(REELD_HOST_SQL) == nullptr);
  CHECK_THAT(instance.log.text(), ContainsSubstring("an instance gets no database instance=lost"));
  REQUIRE(instance.host.refusal());
  CHECK(instance.host.refusal()->code() == ErrorCode::Unavailable);
}

TEST_CASE("a database of another owner is refused for good, with the command that mends it") {
  if (postgresUrl() == nullptr) {
    return;
  }
  TempFolder folder;
  const std::string url = postgresUrl();
  const std::string role = "guest_of_a_test";
  onServer(url, "DROP ROLE IF EXISTS " + role);
  onServer(url, "CREATE ROLE " + role + " LOGIN");
  const std::size_t host = url.find('@');
  REQUIRE(host != std::string::npos);
  {
    const Instance instance("guest",
                            {"postgresql://" + role + url.substr(host), folder.path.string()},
                            folder.path.string());
    CHECK(sdk::Host(instance.host.abi()).service<void>(REELD_HOST_SQL) == nullptr);
    REQUIRE(instance.host.refusal());
    CHECK(instance.host.refusal()->code() == ErrorCode::Denied);
    CHECK_THAT(instance.host.refusal()->what(), ContainsSubstring("ALTER DATABASE"));
  }
  onServer(url, "DROP ROLE " + role);
}
