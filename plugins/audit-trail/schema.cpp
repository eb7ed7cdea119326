// Steps are never edited once they were released; a new one is appended.
#include "schema.h"

#include <string>

using reeld::sdk::Failure;
using reeld::sdk::Sql;

namespace audit_trail {

namespace {

struct Step {
  const char* sql;
  bool is_clustered = false;  ///< in SQLite the rows lie in the order of the primary key
};

// Version 1. No key leads from records to boots: what somebody takes away must show, not be
// refused.
constexpr Step Steps[] = {
    {R"(CREATE TABLE audit_boots (
          boot BIGINT PRIMARY KEY, node TEXT NOT NULL, started_at BIGINT NOT NULL,
          last_seq BIGINT NOT NULL, last_mac TEXT NOT NULL, reserved BIGINT NOT NULL,
          ended_at BIGINT, key_name TEXT NOT NULL, seal TEXT NOT NULL))"},
    {R"(CREATE TABLE audit_records (
          boot BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, user_id BIGINT,
          action TEXT NOT NULL, resource TEXT, method TEXT NOT NULL, endpoint TEXT NOT NULL,
          ip_address TEXT NOT NULL, status BIGINT NOT NULL, request_id TEXT NOT NULL,
          duration_us BIGINT NOT NULL, count BIGINT NOT NULL, detail TEXT, event_id TEXT,
          prev TEXT NOT NULL, mac TEXT NOT NULL, PRIMARY KEY (boot, seq)))",
     true},
    {"CREATE INDEX audit_records_at ON audit_records (at, boot, seq)"},
    {"CREATE INDEX audit_records_user ON audit_records (user_id, at) WHERE user_id IS NOT NULL"},
    {"CREATE UNIQUE INDEX audit_records_event ON audit_records (event_id) "
     "WHERE event_id IS NOT NULL"},
    {R"(CREATE TABLE audit_checkpoints (
          boot BIGINT NOT NULL, seq BIGINT NOT NULL, mac TEXT NOT NULL, at BIGINT NOT NULL,
          seal TEXT NOT NULL, PRIMARY KEY (boot, seq)))"},
    {R"(CREATE TABLE audit_pruned (
          boot BIGINT PRIMARY KEY, seq BIGINT NOT NULL, mac TEXT NOT NULL, at BIGINT NOT NULL,
          seal TEXT NOT NULL))"},
};
constexpr int Version = 1;

void make(const Sql& sql) {
  for (const Step& step : Steps) {
    sql.execute(step.sql +
                std::string(step.is_clustered && sql.isSqlite() ? " WITHOUT ROWID" : ""));
  }
}

}  // namespace

void bringUp(const Sql& sql) {
  sql.transact([&] {
    if (!sql.isSqlite()) {
      sql.execute("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7234510)) one_at_a_time");
    }
    sql.execute("CREATE TABLE IF NOT EXISTS audit_schema (version BIGINT PRIMARY KEY)");
  });
  sql.transact([&] {
    if (!sql.isSqlite()) {
      // Of daemons that start at once. LOCK takes no snapshot, so what is read after it is what the
      // one before has committed.
      sql.execute("LOCK TABLE audit_schema IN EXCLUSIVE MODE");
    }
    const auto rows = sql.execute("SELECT version FROM audit_schema ORDER BY version DESC LIMIT 1");
    const int present = rows.empty() ? 0 : std::stoi(rows[0].at(0).value_or("0"));
    if (present > Version) {
      throw Failure(REELD_INVALID, "the tables are of version " + std::to_string(present) +
                                       ", this audit-trail knows " + std::to_string(Version) +
                                       " -> install the version that made them");
    }
    if (present < Version) {
      make(sql);
      sql.execute("INSERT INTO audit_schema (version) VALUES ($1)", {std::to_string(Version)});
    }
  });
}

}  // namespace audit_trail
