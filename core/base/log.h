// Structured log lines to stderr: a sentence and fields. Under journald lines carry a <N> priority.
// Control characters never reach the output raw. Levels are syslog's, as in the plugin ABI.
#pragma once
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace reeld {

enum class LogLevel : int { Error = 3, Warning = 4, Info = 6, Debug = 7 };
enum class LogFormat { Text, Journal, Json };

/// key=value of a line; numbers are printed as they are.
struct LogField {
  std::string_view key;
  std::string value;
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <class Number>
  requires std::is_integral_v<Number> LogField(std::string_view k, Number v)
      : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, double v);  ///< six decimals
};

/// Any thread; a line is one write(2).
class Log {
 public:
  explicit Log(LogLevel level = LogLevel::Info, LogFormat format = LogFormat::Text, int fd = 2)
      : level_(static_cast<int>(level)), format_(format), fd_(fd) {}

  bool enabled(LogLevel level) const noexcept {
    return static_cast<int>(level) <= level_.load(std::memory_order_relaxed);
  }
  void setLevel(LogLevel level) noexcept { level_ = static_cast<int>(level); }
  void setFormat(LogFormat format) noexcept { format_ = format; }

  void write(LogLevel level, std::string_view text, const LogField* fields,
             std::size_t count) const;

  void error(std::string_view text, std::initializer_list<LogField> fields = {}) const {
    put(LogLevel::Error, text, fields);
  }
  void warning(std::string_view text, std::initializer_list<LogField> fields = {}) const {
    put(LogLevel::Warning, text, fields);
  }
  void info(std::string_view text, std::initializer_list<LogField> fields = {}) const {
    put(LogLevel::Info, text, fields);
  }
  void debug(std::string_view text, std::initializer_list<LogField> fields = {}) const {
    put(LogLevel::Debug, text, fields);
  }

 private:
  void put(LogLevel level, std::string_view text, std::initializer_list<LogField> fields) const {
    if (enabled(level))
      write(level, text, fields.begin(), fields.size());
  }
  std::atomic<int> level_;
  std::atomic<LogFormat> format_;
  int fd_;
};

}  // namespace reeld
