#include "store.h"

#include "columns.h"

#include <set>
#include <string>
#include <unordered_set>

using reeld::sdk::Event;
using reeld::sdk::Sql;
using reeld::sdk::SqlRow;
using reeld::sdk::SqlValue;

namespace analytics_rollup {

namespace {

/// How long an id is kept: longer than any event can wait to be offered again. It goes by the last
/// one that was taken and not by the clock: who stood still for a month may still be offered what
/// came before.
constexpr std::int64_t KeepIdsMs = std::int64_t{48} * 3600 * 1000;
constexpr int ForgetAtOnce = 5000;

std::int64_t integer(const SqlValue& value) { return std::stoll(value.value()); }

/// What is there and what comes, added up.
std::string addTo(const std::string& table, const std::string& key) {
  std::string tail = "ON CONFLICT (" + key + ") DO UPDATE SET ";
  for (std::size_t i = 0; i < CounterNames.size(); ++i) {
    const std::string name(CounterNames[i]);
    tail += i == 0 ? "" : ", ";
    tail.append(name).append(" = ").append(table).append(".").append(name);
    tail.append(" + excluded.").append(name);
  }
  return tail;
}

/// The same user's day beside the new one, from MAX and < or MIN and >.
std::string neighbour(const std::string& which, const std::string& side) {
  return "(SELECT " + which +
         "(o.day) FROM rollup_viewers o WHERE o.scope = rollup_viewers.scope AND o.subject = "
         "rollup_viewers.subject AND o.user_id = rollup_viewers.user_id AND o.day " +
         side + " rollup_viewers.day)";
}

void append(SqlRow& row, const Counters& counters) {
  for (const std::int64_t value : counters.values()) {
    row.push_back(text(value));
  }
}

SqlValue scopeOf(const Subject& subject) { return text(static_cast<std::int64_t>(subject.scope)); }

}  // namespace

Store::Store(const reeld::sdk::Host& host)
    : host_(host),
      ids_("INSERT INTO rollup_events (event_id, taken_at)", 2,
           "ON CONFLICT DO NOTHING RETURNING event_id"),
      totals_("INSERT INTO rollup_days (scope, subject, day" + counterColumns() + ")",
              3 + CounterNames.size(), addTo("rollup_days", "scope, subject, day")),
      videos_("INSERT INTO rollup_video_days (creator_id, day, video_id" + counterColumns() + ")",
              3 + CounterNames.size(), addTo("rollup_video_days", "creator_id, day, video_id")),
      viewers_("INSERT INTO rollup_viewers (scope, subject, user_id, day)", 4,
               "ON CONFLICT DO NOTHING RETURNING scope, subject, day, " + neighbour("MAX", "<") +
                   ", " + neighbour("MIN", ">")),
      returns_("INSERT INTO rollup_returns (scope, subject, day, prev_day, viewers)", 5,
               "ON CONFLICT (scope, subject, day, prev_day) DO UPDATE SET viewers = "
               "rollup_returns.viewers + excluded.viewers") {}

void Store::take(const std::vector<Event>& events) const {
  const Sql sql = host_.sql();
  const SqlValue now = sql.query("SELECT {NOW}").at(0).at(0);
  std::vector<SqlRow> ids;
  std::set<std::string_view> known;
  for (const Event& event : events) {
    if (known.insert(event.id()).second) {
      ids.push_back({std::string(event.id()), now});
    }
  }
  sql.transact([&] {
    std::unordered_set<std::string> fresh;
    for (const SqlRow& row : ids_.write(sql, ids)) {
      fresh.insert(row.at(0).value());
    }
    Tally tally;
    for (const Event& event : events) {
      if (fresh.erase(std::string(event.id())) == 0) {
        continue;
      }
      try {
        tally.add(event);
      } catch (const std::invalid_argument& error) {
        host_.warning("an event is not counted",
                      {{"event", event.id()}, {"type", event.type()}, {"reason", error.what()}});
      }
    }
    write(sql, tally);
  });
}

void Store::write(const Sql& sql, const Tally& tally) const {
  std::vector<SqlRow> rows;
  for (const auto& [key, counters] : tally.totals()) {
    append(rows.emplace_back(SqlRow{scopeOf(key.first), text(key.first.id), text(key.second)}),
           counters);
  }
  totals_.write(sql, rows);
  rows.clear();
  for (const auto& [key, counters] : tally.videos()) {
    const auto& [creator, day, video] = key;
    append(rows.emplace_back(SqlRow{text(creator), text(day), text(video)}), counters);
  }
  videos_.write(sql, rows);
  writeViewers(sql, tally.viewers());
}

void Store::writeViewers(const Sql& sql, const std::set<Viewer>& viewers) const {
  std::map<std::tuple<std::int64_t, std::int64_t, Day, Day>, std::int64_t> changes;
  for (auto viewer = viewers.begin(); viewer != viewers.end();) {
    // Day by day: then nobody's neighbour is written by the same statement.
    std::vector<SqlRow> rows;
    for (const Day day = viewer->day; viewer != viewers.end() && viewer->day == day; ++viewer) {
      rows.push_back({scopeOf(viewer->subject), text(viewer->subject.id), text(viewer->user),
                      text(viewer->day)});
    }
    for (const SqlRow& row : viewers_.write(sql, rows)) {
      const std::int64_t scope = integer(row.at(0));
      const std::int64_t subject = integer(row.at(1));
      const Day day = integer(row.at(2));
      const Day before = row.at(3) ? integer(row.at(3)) : Never;
      ++changes[{scope, subject, day, before}];
      if (row.at(4)) {
        // Events seldom come late; then the day that follows has another day before it.
        --changes[{scope, subject, integer(row.at(4)), before}];
        ++changes[{scope, subject, integer(row.at(4)), day}];
      }
    }
  }
  std::vector<SqlRow> rows;
  for (const auto& [key, change] : changes) {
    const auto& [scope, subject, day, before] = key;
    rows.push_back({text(scope), text(subject), text(day), text(before), text(change)});
  }
  returns_.write(sql, rows);
}

void Store::forgetIds() const {
  host_.sql().execute(
      "DELETE FROM rollup_events WHERE event_id IN (SELECT event_id FROM rollup_events WHERE "
      "taken_at < (SELECT MAX(taken_at) FROM rollup_events) - CAST($1 AS BIGINT) "
      "ORDER BY taken_at LIMIT " +
          std::to_string(ForgetAtOnce) + ")",
      {text(KeepIdsMs)});
}

}  // namespace analytics_rollup
