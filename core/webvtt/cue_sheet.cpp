#include "webvtt/cue_sheet.h"

#include "base/error.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <optional>

namespace reeld::webvtt {

namespace {

constexpr std::string_view Arrow = "-->";

/// Lines end with LF, CR or both.
std::string_view takeLine(std::string_view& file) {
  const auto end = file.find_first_of("\r\n");
  const std::string_view line = file.substr(0, end);
  if (end == std::string_view::npos) {
    file = {};
    return line;
  }
  file.remove_prefix(file.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  return line;
}

std::string_view withoutBlanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<std::int64_t> number(std::string_view digits, std::size_t fewest, std::size_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool good = digits.size() >= fewest && digits.size() <= most && error == std::errc() &&
                    end == digits.data() + digits.size() && digits.front() != '-';
  return good ? std::optional(value) : std::nullopt;
}

/// "01:02:03.004", the hours if there are any.
std::optional<std::int64_t> timeOf(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  const auto ms = number(text.substr(dot + 1), 3, 3);
  text = text.substr(0, dot);
  std::optional<std::int64_t> hours = 0;
  if (std::count(text.begin(), text.end(), ':') == 2) {
    hours = number(text.substr(0, text.find(':')), 2, 5);
    text.remove_prefix(text.find(':') + 1);
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto minutes = number(text.substr(0, colon), 2, 2);
  const auto seconds = number(text.substr(colon + 1), 2, 2);
  if (!ms || !hours || !minutes || !seconds || *minutes > 59 || *seconds > 59) {
    return std::nullopt;
  }
  return ((*hours * 60 + *minutes) * 60 + *seconds) * 1000 + *ms;
}

/// What may stand behind the times: names and values, or nothing of it.
std::string settingsOf(std::string_view text) {
  constexpr std::string_view Allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:,.%-_ ";
  text = withoutBlanks(text);
  const bool good = text.size() <= 100 && text.find(Arrow) == std::string_view::npos &&
                    text.find_first_not_of(Allowed) == std::string_view::npos;
  return good ? std::string(text) : std::string();
}

/// "00:01.000 --> 00:02.000 line:0".
std::optional<Cue> timing(std::string_view line) {
  const auto arrow = line.find(Arrow);
  const auto start = timeOf(withoutBlanks(line.substr(0, arrow)));
  const std::string_view behind = withoutBlanks(line.substr(arrow + Arrow.size()));
  const auto space = behind.find_first_of(" \t");
  const auto end = timeOf(behind.substr(0, space));
  if (!start || !end) {
    return std::nullopt;
  }
  return Cue{*start,
             *end,
             space == std::string_view::npos ? std::string() : settingsOf(behind.substr(space)),
             {}};
}

std::string stamp(std::int64_t ms) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%03" PRId64,
                ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
  return text.data();
}

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::Invalid, "this is no WebVTT file: " + why);
}

std::string_view withoutHead(std::string_view file) {
  if (file.starts_with("\xef\xbb\xbf")) {
    file.remove_prefix(3);
  }
  const std::string_view first = takeLine(file);
  if (!first.starts_with("WEBVTT") || (first.size() > 6 && first[6] != ' ' && first[6] != '\t')) {
    refuse("it does not begin with WEBVTT");
  }
  while (!file.empty() && !takeLine(file).empty()) {
  }
  return file;
}

}  // namespace

CueSheet CueSheet::parse(std::string_view file) {
  if (!utf8Length(file) || file.find('\0') != std::string_view::npos) {
    refuse("it is not UTF-8");
  }
  file = withoutHead(file);
  CueSheet sheet;
  while (!file.empty()) {
    std::string_view line = takeLine(file);
    // A cue may have a name in front of its times.
    if (!line.empty() && line.find(Arrow) == std::string_view::npos && !file.empty()) {
      line = takeLine(file);
    }
    auto cue = line.find(Arrow) != std::string_view::npos ? timing(line) : std::nullopt;
    while (!line.empty() && !file.empty()) {
      line = takeLine(file);
      if (line.find(Arrow) != std::string_view::npos) {
        refuse("a cue begins within another");
      }
      if (cue && !line.empty()) {
        (cue->text += cue->text.empty() ? "" : "\n") += line;
      }
    }
    if (cue && cue->start_ms < cue->end_ms && !cue->text.empty()) {
      sheet.cues_.push_back(std::move(*cue));
    }
  }
  std::stable_sort(sheet.cues_.begin(), sheet.cues_.end(),
                   [](const Cue& a, const Cue& b) { return a.start_ms < b.start_ms; });
  return sheet;
}

std::string CueSheet::print(const Stretch& stretch, std::int64_t title_ms,
                            std::string_view head) const {
  std::string file = "WEBVTT\n" + std::string(head);
  for (const Cue& cue : cues_) {
    const std::int64_t end_ms = std::min(cue.end_ms, title_ms);
    if (cue.start_ms >= end_ms || cue.start_ms >= stretch.to_ms || end_ms <= stretch.from_ms) {
      continue;
    }
    file += "\n" + stamp(cue.start_ms) + " --> " + stamp(end_ms);
    file += cue.settings.empty() ? "\n" : " " + cue.settings + "\n";
    file += cue.text + "\n";
  }
  return file;
}

}  // namespace reeld::webvtt
