#include "base/log.h"

#include "base/json.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace reeld {

namespace {

std::string_view levelWord(LogLevel level) {
  switch (level) {
    case LogLevel::Error:
      return "error";
    case LogLevel::Warning:
      return "warning";
    case LogLevel::Info:
      return "info";
    case LogLevel::Debug:
      return "debug";
  }
  return "info";
}

bool isControl(char c) noexcept {
  const auto u = static_cast<unsigned char>(c);
  return u < 0x20 || u == 0x7f;
}

/// One line stays one line: control characters become \xNN, as does DEL.
void appendClean(std::string& line, std::string_view text) {
  constexpr std::string_view Hex = "0123456789abcdef";
  if (std::none_of(text.begin(), text.end(), isControl)) {
    line += text;
    return;
  }
  for (const char c : text) {
    if (isControl(c)) {
      const auto u = static_cast<unsigned char>(c);
      line += "\\x";
      line += Hex[u >> 4];
      line += Hex[u & 15];
    } else {
      line += c;
    }
  }
}

void appendValue(std::string& line, const std::string& value) {
  const auto is_quoted = [](char c) { return c == ' ' || c == '"' || c == '=' || c == '\\'; };
  if (!value.empty() && std::none_of(value.begin(), value.end(), is_quoted)) {
    appendClean(line, value);
    return;
  }
  line += '"';
  std::string escaped;
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      escaped += '\\';
    }
    escaped += c;
  }
  appendClean(line, escaped);
  line += '"';
}

/// Many lines are of one second; making its text costs more than all the rest of a line.
std::string_view textOf(std::time_t second) {
  struct Known {
    std::time_t second = -1;
    std::array<char, 40> text{};
    std::size_t size = 0;
  };
  thread_local Known known;
  if (known.second != second) {
    std::tm utc{};
    gmtime_r(&second, &utc);
    known.size = std::strftime(known.text.data(), known.text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    known.second = second;
  }
  return {known.text.data(), known.size};
}

void appendTime(std::string& line) {
  std::timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  line += textOf(now.tv_sec);
  const auto ms = std::to_string(1000 + now.tv_nsec / 1'000'000);
  line += '.';
  line.append(ms, 1);
  line += 'Z';
}

std::string jsonLine(LogLevel level, std::string_view text, const LogField* fields,
                     std::size_t count) {
  std::string time;
  appendTime(time);
  JsonWriter out;
  out.beginObject().member("time", time).member("level", levelWord(level)).member("message", text);
  for (std::size_t i = 0; i < count; ++i) {
    out.member(fields[i].key, fields[i].value);
  }
  out.endObject();
  return out.take();
}

}  // namespace

LogField::LogField(std::string_view k, double v) : key(k) {
  constexpr int Decimals = 6;
  constexpr std::size_t Longest = 400;  // of the greatest double
  std::array<char, Longest> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), v, std::chars_format::fixed, Decimals);
  value.assign(text.data(), end.ptr);
}

void Log::write(LogLevel level, std::string_view text, const LogField* fields,
                std::size_t count) const {
  if (!enabled(level)) {
    return;
  }
  constexpr std::size_t Usual = 256;
  std::string line;
  line.reserve(Usual);
  const LogFormat format = format_.load(std::memory_order_relaxed);
  if (format == LogFormat::Json) {
    line = jsonLine(level, text, fields, count);
  } else {
    if (format == LogFormat::Journal) {
      line = "<" + std::to_string(static_cast<int>(level)) + ">";
    } else {
      appendTime(line);
      line += ' ';
      line += levelWord(level);
      line += ' ';
    }
    appendClean(line, text);
    for (std::size_t i = 0; i < count; ++i) {
      line += ' ';
      line += fields[i].key;
      line += '=';
      appendValue(line, fields[i].value);
    }
  }
  line += '\n';
  // A log that cannot be written has nowhere to say so.
  [[maybe_unused]] const auto written = ::write(fd_, line.data(), line.size());
}

}  // namespace reeld
