#include "summary.h"

#include "columns.h"
#include "event_fields.h"
#include "tally.h"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <vector>

using reeld::sdk::Failure;
using reeld::sdk::Sql;
using reeld::sdk::SqlRow;
using reeld::sdk::SqlValue;

namespace analytics_rollup {

namespace {

constexpr std::int64_t MostVideos = 100;

struct Asked {
  Subject subject;
  std::int64_t creator = 0;  ///< 0 = all
  Day from = 0;
  Day to = 0;
  std::int64_t top = 0;
};

/// Counters, and people: those can be added over days no more than over videos.
struct Sums {
  Counters counters;
  std::int64_t viewers = 0;
  std::int64_t new_viewers = 0;
};

std::int64_t integerOrZero(const SqlValue& value) { return value ? std::stoll(*value) : 0; }

Asked askedIn(std::string_view params) {
  try {
    const EventFields fields(params);
    Asked asked;
    if (const auto creator = fields.maybeNumber("creator_id")) {
      asked.subject = {Scope::Creator, *creator};
      asked.creator = *creator;
    }
    if (const auto video = fields.maybeNumber("video_id")) {
      asked.subject = {Scope::Video, *video};
    }
    const auto day = [&](const char* name) {
      const auto parsed = parseDay(fields.text(name));
      if (!parsed) {
        throw Failure(REELD_INVALID, "must be a day: YYYY-MM-DD").at("/" + std::string(name));
      }
      return *parsed;
    };
    asked.from = day("from");
    asked.to = day("to");
    asked.top = std::clamp<std::int64_t>(fields.maybeNumber("top").value_or(10), 0, MostVideos);
    return asked;
  } catch (const std::invalid_argument& error) {
    throw Failure(REELD_INVALID, error.what());
  }
}

Counters countersIn(const SqlRow& row) {
  Counters counters;
  for (std::size_t i = 0; i < CounterNames.size(); ++i) {
    counters.values()[i] = integerOrZero(row.at(i + 1));
  }
  return counters;
}

/// People by day or by video: all of them, those who were never here, and those who were not here
/// since the first of the days.
const std::string PeopleColumns =
    ", CAST(SUM(viewers) AS BIGINT), "
    "CAST(SUM(CASE WHEN prev_day < 0 THEN viewers ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN prev_day < CAST($1 AS BIGINT) THEN viewers ELSE 0 END) AS BIGINT) "
    "FROM rollup_returns WHERE scope = CAST($2 AS BIGINT) AND ";

struct Days {
  Sums total;
  std::map<Day, Sums> each;
};

std::vector<SqlRow> dayRows(const Sql& sql, const Asked& asked) {
  const bool is_video = asked.subject.scope == Scope::Video;
  const std::string from = is_video
                               ? " FROM rollup_video_days WHERE creator_id = CAST($1 AS BIGINT) "
                                 "AND video_id = CAST($2 AS BIGINT)"
                               : " FROM rollup_days WHERE scope = CAST($1 AS BIGINT) AND "
                                 "subject = CAST($2 AS BIGINT)";
  return sql.query("SELECT day" + counterColumns() + from +
                       " AND day BETWEEN CAST($3 AS BIGINT) AND CAST($4 AS BIGINT)",
                   {text(is_video ? asked.creator : static_cast<std::int64_t>(asked.subject.scope)),
                    text(asked.subject.id), text(asked.from), text(asked.to)});
}

Days daysOf(const Sql& sql, const Asked& asked) {
  Days days;
  const SqlValue scope = text(static_cast<std::int64_t>(asked.subject.scope));
  for (const SqlRow& row : dayRows(sql, asked)) {
    const Counters counters = countersIn(row);
    days.each[integerOrZero(row.at(0))].counters = counters;
    days.total.counters += counters;
  }
  for (const SqlRow& row : sql.query(
           "SELECT day" + PeopleColumns +
               "subject = CAST($3 AS BIGINT) AND day BETWEEN CAST($4 AS BIGINT) AND "
               "CAST($5 AS BIGINT) GROUP BY day",
           {text(asked.from), scope, text(asked.subject.id), text(asked.from), text(asked.to)})) {
    Sums& day = days.each[integerOrZero(row.at(0))];
    day.viewers = integerOrZero(row.at(1));
    day.new_viewers = integerOrZero(row.at(2));
    days.total.new_viewers += day.new_viewers;
    days.total.viewers += integerOrZero(row.at(3));
  }
  return days;
}

using Videos = std::vector<std::pair<std::int64_t, Sums>>;

/// Of a few videos.
void addPeople(const Sql& sql, const Asked& asked, Videos& videos) {
  SqlRow values{text(asked.from), text(static_cast<std::int64_t>(Scope::Video)), text(asked.from),
                text(asked.to)};
  std::string places;
  for (const auto& [video, sums] : videos) {
    values.push_back(text(video));
    places +=
        (places.empty() ? "CAST($" : ", CAST($") + std::to_string(values.size()) + " AS BIGINT)";
  }
  const auto rows = sql.query("SELECT subject" + PeopleColumns +
                                  "day BETWEEN CAST($3 AS BIGINT) AND CAST($4 AS BIGINT) AND "
                                  "subject IN (" +
                                  places + ") GROUP BY subject",
                              values);
  for (const SqlRow& row : rows) {
    for (auto& [video, sums] : videos) {
      if (video == integerOrZero(row.at(0))) {
        sums.new_viewers = integerOrZero(row.at(2));
        sums.viewers = integerOrZero(row.at(3));
      }
    }
  }
}

Videos topOf(const Sql& sql, const Asked& asked) {
  if (asked.subject.scope == Scope::Video) {
    return {};
  }
  SqlRow values{text(asked.from), text(asked.to)};
  std::string query = "SELECT video_id" + counterSums() +
                      " FROM rollup_video_days WHERE day BETWEEN CAST($1 AS BIGINT) AND "
                      "CAST($2 AS BIGINT)";
  if (asked.subject.scope == Scope::Creator) {
    query += " AND creator_id = CAST($3 AS BIGINT)";
    values.push_back(text(asked.subject.id));
  }
  query += " GROUP BY video_id ORDER BY SUM(views) DESC, SUM(sales_minor) DESC, video_id LIMIT " +
           std::to_string(asked.top);
  Videos videos;
  for (const SqlRow& row : sql.query(query, values)) {
    videos.emplace_back(integerOrZero(row.at(0)), Sums{.counters = countersIn(row)});
  }
  if (!videos.empty()) {
    addPeople(sql, asked, videos);
  }
  return videos;
}

std::string membersOf(const Sums& sums) {
  std::string json = "\"viewers\":" + std::to_string(sums.viewers) +
                     ",\"new_viewers\":" + std::to_string(sums.new_viewers);
  for (std::size_t i = 0; i < CounterNames.size(); ++i) {
    json +=
        ",\"" + std::string(CounterNames[i]) + "\":" + std::to_string(sums.counters.values()[i]);
  }
  return json;
}

}  // namespace

std::string summaryOf(const Sql& sql, std::string_view params) {
  const Asked asked = askedIn(params);
  const Days days = daysOf(sql, asked);
  std::string json = "{\"total\":{" + membersOf(days.total) + "},\"days\":[";
  bool is_first = true;
  const auto separate = [&] {
    json += is_first ? "" : ",";
    is_first = false;
  };
  for (const auto& [day, sums] : days.each) {
    separate();
    json += R"({"day":")" + print(day) + R"(",)" + membersOf(sums) + "}";
  }
  json += "],\"top_videos\":[";
  is_first = true;
  for (const auto& [video, sums] : topOf(sql, asked)) {
    separate();
    json += "{\"video_id\":" + std::to_string(video) + "," + membersOf(sums) + "}";
  }
  return json + "]}";
}

}  // namespace analytics_rollup
