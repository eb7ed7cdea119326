#include "api/date_range.h"

#include "api/timestamp.h"
#include "base/error.h"
#include "base/iso_time.h"

namespace reeld::api {

namespace {

constexpr EpochMs DayMs = 86'400'000;
constexpr std::size_t DateLength = 10;

std::string dateOf(EpochMs time) { return printTime(time).substr(0, DateLength); }

/// The beginning of the day that the query names.
EpochMs readDay(const http::Exchange& exchange, const char* name, EpochMs otherwise,
                std::vector<Violation>& violations) {
  const auto text = exchange.queryValue(name);
  if (!text || text->empty()) {
    return otherwise;
  }
  const auto time = text->size() == DateLength ? parseIsoTime(*text) : std::nullopt;
  if (!time || *time < 0) {
    violations.push_back({"/" + std::string(name), "must be a day: YYYY-MM-DD"});
  }
  return time.value_or(otherwise);
}

}  // namespace

DateRange readDateRange(const http::Exchange& exchange, EpochMs now) {
  std::vector<Violation> violations;
  const EpochMs to = readDay(exchange, "to", now - now % DayMs, violations);
  const EpochMs from =
      readDay(exchange, "from", to - (DateRange::UsualDays - 1) * DayMs, violations);
  if (violations.empty() && from > to) {
    violations.push_back({"/from", "must not be after to"});
  }
  if (violations.empty() && (to - from) / DayMs >= DateRange::MostDays) {
    violations.push_back(
        {"/from", "must be at most " + std::to_string(DateRange::MostDays) + " days before to"});
  }
  if (!violations.empty()) {
    throw Error(std::move(violations));
  }
  return {.from = dateOf(from), .to = dateOf(to)};
}

std::vector<std::string> daysOf(const DateRange& range) {
  std::vector<std::string> days;
  const EpochMs end = *parseIsoTime(range.to);
  for (EpochMs day = *parseIsoTime(range.from); day <= end; day += DayMs) {
    days.push_back(dateOf(day));
  }
  return days;
}

}  // namespace reeld::api
