#include "base/iso_time.h"

#include <chrono>

namespace reeld {

namespace {

/// Takes things off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : text_(text) {}

  bool done() const noexcept { return text_.empty(); }
  bool take(char expected) noexcept {
    if (text_.empty() || text_.front() != expected) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  bool digit(int& value) noexcept {
    if (text_.empty() || text_.front() < '0' || text_.front() > '9') {
      return false;
    }
    value = value * 10 + (text_.front() - '0');
    text_.remove_prefix(1);
    return true;
  }
  /// Exactly so many digits, as a number from `least` to `most`.
  bool number(int digits, int least, int most, int& value) noexcept {
    value = 0;
    for (int i = 0; i < digits; ++i) {
      if (!digit(value)) {
        return false;
      }
    }
    return value >= least && value <= most;
  }

 private:
  std::string_view text_;
};

/// ".546437" as milliseconds; 0 if there is no point.
bool takeFraction(Scanner& scanner, int& milliseconds) noexcept {
  milliseconds = 0;
  if (!scanner.take('.')) {
    return true;
  }
  int digits = 0;
  for (int digit = 0; scanner.digit(digit); digit = 0, ++digits) {
    milliseconds = digits < 3 ? milliseconds * 10 + digit : milliseconds;
  }
  for (int i = digits; i < 3; ++i) {
    milliseconds *= 10;
  }
  return digits > 0 && digits <= 9;
}

/// "Z", "+01", "+01:30", "-0330", or nothing, as minutes east.
bool takeZone(Scanner& scanner, int& minutes_east) noexcept {
  minutes_east = 0;
  if (scanner.done() || scanner.take('Z')) {
    return true;
  }
  const bool west = scanner.take('-');
  int hours = 0;
  int minutes = 0;
  if ((!west && !scanner.take('+')) || !scanner.number(2, 0, 15, hours)) {
    return false;
  }
  if (!scanner.done()) {
    scanner.take(':');
    if (!scanner.number(2, 0, 59, minutes)) {
      return false;
    }
  }
  minutes_east = (west ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

}  // namespace

std::optional<EpochMs> parseIsoTime(std::string_view text) noexcept {
  using namespace std::chrono;
  Scanner scanner(text);
  int y = 0;
  int m = 0;
  int d = 0;
  const bool has_date = scanner.number(4, 1970, 9999, y) && scanner.take('-') &&
                        scanner.number(2, 1, 12, m) && scanner.take('-') &&
                        scanner.number(2, 1, 31, d);
  const year_month_day date{year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d))};
  if (!has_date || !date.ok()) {
    return std::nullopt;
  }
  int h = 0;
  int min = 0;
  int s = 0;
  int ms = 0;
  int east = 0;
  if (!scanner.done()) {
    const bool has_time = (scanner.take('T') || scanner.take(' ')) && scanner.number(2, 0, 23, h) &&
                          scanner.take(':') && scanner.number(2, 0, 59, min) && scanner.take(':') &&
                          scanner.number(2, 0, 60, s) && takeFraction(scanner, ms) &&
                          takeZone(scanner, east) && scanner.done();
    if (!has_time) {
      return std::nullopt;
    }
  }
  const auto point =
      sys_days(date) + hours(h) + minutes(min - east) + seconds(s) + milliseconds(ms);
  return duration_cast<milliseconds>(point.time_since_epoch()).count();
}

}  // namespace reeld
