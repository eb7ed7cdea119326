#include "day.h"

#include <charconv>
#include <chrono>

namespace analytics_rollup {

namespace {

/// Digits alone at a place of the text.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
  int value = 0;
  const char* const begin = text.data() + at;
  const auto [end, failure] = std::from_chars(begin, begin + count, value);
  return failure == std::errc() && end == begin + count && *begin != '-' ? std::optional(value)
                                                                         : std::nullopt;
}

std::string padded(int value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}

}  // namespace

Day dayOf(std::int64_t epoch_ms) noexcept {
  using namespace std::chrono;
  return floor<days>(milliseconds(epoch_ms)).count();
}

std::string print(Day day) {
  using namespace std::chrono;
  const year_month_day date{sys_days(days(day))};
  return padded(static_cast<int>(date.year()), 4) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(date.month())), 2) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

std::optional<Day> parseDay(std::string_view text) noexcept {
  using namespace std::chrono;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto y = digits(text, 0, 4);
  const auto m = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  if (!y || !m || !d) {
    return std::nullopt;
  }
  const year_month_day date{year(*y), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d))};
  return date.ok() ? std::optional<Day>(sys_days(date).time_since_epoch().count()) : std::nullopt;
}

}  // namespace analytics_rollup
