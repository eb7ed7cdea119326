#include "time_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace audit_trail {

namespace {

/// Takes so many digits off the front.
std::optional<int> takeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool takeChar(std::string_view& text, char c) {
  const bool is_there = text.starts_with(c);
  text.remove_prefix(is_there ? 1 : 0);
  return is_there;
}

std::optional<std::int64_t> dayMs(std::string_view& text) {
  using namespace std::chrono;
  const auto y = takeDigits(text, 4);
  const bool first = takeChar(text, '-');
  const auto m = takeDigits(text, 2);
  const bool second = takeChar(text, '-');
  const auto d = takeDigits(text, 2);
  if (!y || !m || !d || !first || !second) {
    return std::nullopt;
  }
  const year_month_day date(year(*y), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d)));
  return date.ok()
             ? std::optional(duration_cast<milliseconds>(sys_days(date).time_since_epoch()).count())
             : std::nullopt;
}

constexpr std::int64_t SecondMs = 1000;
constexpr std::int64_t MinuteMs = 60 * SecondMs;
constexpr std::int64_t HourMs = 60 * MinuteMs;

/// "10:00", "10:00:00" or "10:00:00.000".
std::optional<std::int64_t> clockMs(std::string_view& text) {
  const auto hours = takeDigits(text, 2);
  const bool colon = takeChar(text, ':');
  const auto minutes = takeDigits(text, 2);
  if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  std::int64_t ms = *hours * HourMs + *minutes * MinuteMs;
  if (takeChar(text, ':')) {
    const auto seconds = takeDigits(text, 2);
    if (!seconds || *seconds > 59) {
      return std::nullopt;
    }
    ms += *seconds * SecondMs;
    if (takeChar(text, '.')) {
      std::int64_t unit = SecondMs / 10;
      while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        ms += unit * (text[0] - '0');
        unit /= 10;
        text.remove_prefix(1);
      }
    }
  }
  return ms;
}

/// "Z", "+01:00"; without one it is UTC.
std::optional<std::int64_t> offsetMs(std::string_view& text) {
  if (text.empty() || takeChar(text, 'Z')) {
    return 0;
  }
  const std::int64_t sign = text[0] == '-' ? -1 : 1;
  if (text[0] != '+' && text[0] != '-') {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const auto hours = takeDigits(text, 2);
  takeChar(text, ':');
  const auto minutes = takeDigits(text, 2);
  return hours && minutes ? std::optional(sign * (*hours * HourMs + *minutes * MinuteMs))
                          : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> timeMs(std::string_view text) {
  const auto day = dayMs(text);
  if (!day || text.empty()) {
    return day;
  }
  if (!takeChar(text, 'T') && !takeChar(text, ' ')) {
    return std::nullopt;
  }
  const auto clock = clockMs(text);
  const auto offset = clock ? offsetMs(text) : std::nullopt;
  return offset && text.empty() ? std::optional(*day + *clock - *offset) : std::nullopt;
}

std::string printedTime(std::int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(ms)};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  std::array<char, 40> text;
  const int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

}  // namespace audit_trail
