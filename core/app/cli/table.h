// Rows under a heading, as wide as their widest cell: what reeldctl prints for people.
#pragma once
#include <string>
#include <vector>

namespace reeld::app::cli {

class Table {
 public:
  explicit Table(std::vector<std::string> heading);
  /// As many cells as the heading. Control characters are shown as \xNN: titles come from users.
  void add(std::vector<std::string> cells);
  /// Columns of numbers are aligned to the right.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Terminal control characters made harmless.
std::string printable(const std::string& text);

/// At most so many characters, the last of them "…" if something is left out.
std::string shortened(const std::string& text, std::size_t most);

/// "2026-11-20 11:12:43" (UTC) of epoch milliseconds.
std::string printedTime(long long epoch_ms);

}  // namespace reeld::app::cli
