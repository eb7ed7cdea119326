#include "http/range.h"

#include "base/ascii.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace reeld::http {

namespace {

std::string_view opaque(std::string_view etag) noexcept {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

/// Whether a list of entity tags holds this one. Commas may stand inside the quotes.
bool lists(std::string_view list, std::string_view etag, bool weak_comparison) noexcept {
  if (unpadded(list) == "*") {
    return true;
  }
  if (etag.empty()) {
    return false;
  }
  while (true) {
    list = unpadded(list);
    while (!list.empty() && list.front() == ',') {
      list = unpadded(list.substr(1));
    }
    const bool weak = list.starts_with("W/");
    const std::size_t open = weak ? 2 : 0;
    if (list.size() <= open || list[open] != '"') {
      return false;
    }
    const auto close = list.find('"', open + 1);
    if (close == std::string_view::npos) {
      return false;
    }
    const bool strong_enough = weak_comparison || (!weak && !etag.starts_with("W/"));
    if (strong_enough && list.substr(open, close + 1 - open) == opaque(etag)) {
      return true;
    }
    list.remove_prefix(close + 1);
  }
}

std::optional<std::uint64_t> number(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  // A number beyond 64 bits is beyond every file as well.
  return error == std::errc() ? value : ~std::uint64_t{0};
}

std::optional<std::uint64_t> position(std::string_view text) noexcept {
  const bool digits_only = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  if (!digits_only) {
    return std::nullopt;
  }
  return text.size() > 19 ? ~std::uint64_t{0} : number(text);
}

/// One byte range of `size` bytes; a header that is not understood is ignored (the whole is sent).
Selection ranged(std::string_view header, std::uint64_t size) noexcept {
  const Selection whole{200, 0, size};
  const auto equals = header.find('=');
  if (equals == std::string_view::npos || unpadded(header.substr(0, equals)) != "bytes") {
    return whole;
  }
  const std::string_view spec = unpadded(header.substr(equals + 1));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) {
    return whole;
  }
  const auto first = position(spec.substr(0, dash));
  const auto last = position(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) {
      return whole;
    }
    const std::uint64_t length = std::min(*last, size);
    return length == 0 ? Selection{416, 0, 0} : Selection{206, size - length, length};
  }
  const bool open_end = dash + 1 == spec.size();
  if (!first || (!last && !open_end) || (last && *last < *first)) {
    return whole;
  }
  if (*first >= size) {
    return {416, 0, 0};
  }
  const std::uint64_t end = open_end ? size - 1 : std::min(*last, size - 1);
  return {206, *first, end - *first + 1};
}

bool unchangedSince(std::string_view date, std::int64_t modified_ms, bool otherwise) noexcept {
  const auto since = parseHttpDate(date);
  return since && modified_ms > 0 ? modified_ms / 1000 <= *since : otherwise;
}

/// If-Range wants a strong match: the tag itself, or exactly the date.
bool rangeStillValid(std::string_view if_range, const Representation& representation) noexcept {
  if (if_range.starts_with('"') || if_range.starts_with("W/")) {
    return !representation.etag.empty() && !representation.etag.starts_with("W/") &&
           if_range == representation.etag;
  }
  const auto date = parseHttpDate(if_range);
  return date && representation.modified_ms > 0 && *date == representation.modified_ms / 1000;
}

}  // namespace

Selection select(const Conditions& conditions, const Representation& representation) noexcept {
  const Selection whole{200, 0, representation.size};
  if (!conditions.if_match.empty()) {
    if (!lists(conditions.if_match, representation.etag, false)) {
      return {412, 0, 0};
    }
  } else if (!conditions.if_unmodified_since.empty() &&
             !unchangedSince(conditions.if_unmodified_since, representation.modified_ms, true)) {
    return {412, 0, 0};
  }
  if (!conditions.if_none_match.empty()) {
    if (lists(conditions.if_none_match, representation.etag, true)) {
      return {304, 0, 0};
    }
  } else if (!conditions.if_modified_since.empty() &&
             unchangedSince(conditions.if_modified_since, representation.modified_ms, false)) {
    return {304, 0, 0};
  }
  if (conditions.range.empty() ||
      (!conditions.if_range.empty() && !rangeStillValid(conditions.if_range, representation))) {
    return whole;
  }
  return ranged(conditions.range, representation.size);
}

std::optional<std::int64_t> parseHttpDate(std::string_view text) noexcept {
  constexpr std::string_view Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::string_view Days = "SunMonTueWedThuFriSat";
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto month = Months.find(text.substr(8, 3));
  const auto day = number(text.substr(5, 2));
  const auto year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (month == std::string_view::npos || month % 3 != 0 || Days.find(text.substr(0, 3)) % 3 != 0 ||
      !day || !year || !hour || !minute || !second || *day < 1 || *day > 31 || *hour > 23 ||
      *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  std::tm utc{};
  utc.tm_year = static_cast<int>(*year) - 1900;
  utc.tm_mon = static_cast<int>(month / 3);
  utc.tm_mday = static_cast<int>(*day);
  utc.tm_hour = static_cast<int>(*hour);
  utc.tm_min = static_cast<int>(*minute);
  utc.tm_sec = static_cast<int>(*second);
  return timegm(&utc);
}

}  // namespace reeld::http
