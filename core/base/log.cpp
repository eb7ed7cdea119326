#include "base/log.h"

#include "base/json.h"

#include <unistd.h>

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

/// One line stays one line: control characters become \xNN, as does DEL.
void appendClean(std::string& line, std::string_view text) {
  constexpr std::string_view Hex = "0123456789abcdef";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7f) {
      line += "\\x";
      line += Hex[u >> 4];
      line += Hex[u & 15];
    } else {
      line += c;
    }
  }
}

void appendValue(std::string& line, const std::string& value) {
  if (!value.empty() && value.find_first_of(" \"=\\") == std::string::npos) {
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

void appendTime(std::string& line) {
  std::timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  std::tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  line.append(text.data(), length);
  const auto ms = std::to_string(1000 + now.tv_nsec / 1'000'000);
  line += "." + ms.substr(1) + "Z";
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

void Log::write(LogLevel level, std::string_view text, const LogField* fields,
                std::size_t count) const {
  if (!enabled(level)) {
    return;
  }
  std::string line;
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
