// Steps are never edited once they were released; a new one is appended.
#include "schema.h"

#include "counters.h"

#include <string>

using reeld::sdk::Failure;
using reeld::sdk::Sql;

namespace analytics_rollup {

namespace {

constexpr int Version = 1;

/// In SQLite the rows lie in the order of the primary key.
void make(const Sql& sql, const std::string& table) {
  sql.execute(table + (sql.isSqlite() ? " WITHOUT ROWID" : ""));
}

void makeAll(const Sql& sql) {
  std::string counters;
  for (const std::string_view name : CounterNames) {
    counters += std::string(name) + " BIGINT NOT NULL, ";
  }
  // Ids of events that are counted, as long as they may come again.
  make(sql, "CREATE TABLE rollup_events (event_id TEXT PRIMARY KEY, taken_at BIGINT NOT NULL)");
  sql.execute("CREATE INDEX rollup_events_taken ON rollup_events (taken_at)");
  make(sql,
       "CREATE TABLE rollup_days (scope BIGINT NOT NULL, subject BIGINT NOT NULL, "
       "day BIGINT NOT NULL, " +
           counters + "PRIMARY KEY (scope, subject, day))");
  make(sql,
       "CREATE TABLE rollup_video_days (creator_id BIGINT NOT NULL, day BIGINT NOT NULL, "
       "video_id BIGINT NOT NULL, " +
           counters + "PRIMARY KEY (creator_id, day, video_id))");
  sql.execute("CREATE INDEX rollup_video_days_day ON rollup_video_days (day)");
  // Who came on which day.
  make(sql,
       "CREATE TABLE rollup_viewers (scope BIGINT NOT NULL, subject BIGINT NOT NULL, "
       "user_id BIGINT NOT NULL, day BIGINT NOT NULL, PRIMARY KEY (scope, subject, user_id, day))");
  // How many came on a day who had come on prev_day before, and not between. So the people of any
  // days are those whose day before lies before them: a sum, where counting would read everybody.
  make(sql,
       "CREATE TABLE rollup_returns (scope BIGINT NOT NULL, subject BIGINT NOT NULL, "
       "day BIGINT NOT NULL, prev_day BIGINT NOT NULL, viewers BIGINT NOT NULL, "
       "PRIMARY KEY (scope, subject, day, prev_day))");
}

}  // namespace

void bringUp(const Sql& sql) {
  sql.transact([&] {
    if (!sql.isSqlite()) {
      sql.execute("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7234511)) one_at_a_time");
    }
    sql.execute("CREATE TABLE IF NOT EXISTS rollup_schema (version BIGINT PRIMARY KEY)");
  });
  sql.transact([&] {
    if (!sql.isSqlite()) {
      // Of daemons that start at once. LOCK takes no snapshot, so what is read after it is what the
      // one before has committed.
      sql.execute("LOCK TABLE rollup_schema IN EXCLUSIVE MODE");
    }
    const auto rows =
        sql.execute("SELECT version FROM rollup_schema ORDER BY version DESC LIMIT 1");
    const int present = rows.empty() ? 0 : std::stoi(rows[0].at(0).value_or("0"));
    if (present > Version) {
      throw Failure(REELD_INVALID, "the tables are of version " + std::to_string(present) +
                                       ", this analytics-rollup knows " + std::to_string(Version) +
                                       " -> install the version that made them");
    }
    if (present < Version) {
      makeAll(sql);
      sql.execute("INSERT INTO rollup_schema (version) VALUES ($1)", {std::to_string(Version)});
    }
  });
}

}  // namespace analytics_rollup
