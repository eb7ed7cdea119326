// Comma-separated values (RFC 4180) as psql and spreadsheets write them: quotes around what holds a
// comma, a quote or a line's end, "" for a quote; lines end in LF or CR LF. Pure.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

class CsvReader {
 public:
  /// The text outlives this.
  explicit CsvReader(std::string_view text) : text_(text) {}

  /// The next row; empty lines are none. Nothing at the end. Throws Error INVALID for a quote that
  /// is never closed and for text behind a closing one; reading goes on behind the line.
  std::optional<std::vector<std::string>> next();
  /// Where the row that was read last began, from 1.
  std::size_t line() const noexcept { return line_; }

 private:
  std::string quoted();
  std::string plain();
  bool atLineEnd() const noexcept;
  void skipLineEnd() noexcept;
  [[noreturn]] void fail(const char* why);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;       ///< of the row
  std::size_t next_line_ = 1;  ///< at at_
};

}  // namespace reeld
