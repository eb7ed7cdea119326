#include "app/cli/table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

namespace reeld::app::cli {

namespace {

/// Columns on a terminal, near enough: one per code point.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool isNumber(const std::string& text) {
  return !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text == "-") &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || c == '.' || c == '%' || c == '-';
         });
}

}  // namespace

std::string printable(const std::string& text) {
  constexpr std::string_view Hex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C1 controls are two bytes in UTF-8: 0xc2 and 0x80 to 0x9f.
    const bool c1 = c == 0xc2 && i + 1 < text.size() &&
                    (static_cast<unsigned char>(text[i + 1]) & 0xe0U) == 0x80U;
    if (c < 0x20 || c == 0x7f || c1) {
      const auto shown = c1 ? static_cast<unsigned char>(text[++i]) : c;
      out += "\\x";
      out += Hex[shown >> 4U];
      out += Hex[shown & 15U];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string shortened(const std::string& text, std::size_t most) {
  if (width(text) <= most) {
    return text;
  }
  std::size_t kept = 0;
  const auto end = std::find_if(text.begin(), text.end(), [&](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U && kept++ == most - 1;
  });
  return std::string(text.begin(), end) + "…";
}

std::string printedTime(long long epoch_ms) {
  const std::time_t seconds = epoch_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &utc)};
}

Table::Table(std::vector<std::string> heading) { rows_.push_back(std::move(heading)); }

void Table::add(std::vector<std::string> cells) {
  std::transform(cells.begin(), cells.end(), cells.begin(), printable);
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  const std::size_t columns = rows_.front().size();
  std::vector<std::size_t> widths(columns, 0);
  std::vector<bool> right(columns, rows_.size() > 1);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], width(rows_[r][c]));
      right[c] = right[c] && (r == 0 || isNumber(rows_[r][c]));
    }
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < columns; ++c) {
      const std::string padding(widths[c] - width(row[c]), ' ');
      line += (c == 0 ? "" : "  ") + (right[c] ? padding + row[c] : row[c] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace reeld::app::cli
