// Letters of ASCII alone, whatever the locale is: names of headers, hosts and categories.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace reeld {

constexpr char lowered(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lowered(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return lowered(c); });
  return lower;
}

/// Without the spaces and tabs around it: optional white space in header fields (RFC 9110, section
/// 5.6.3). A place within the text, even if nothing is left.
inline std::string_view unpadded(std::string_view text) noexcept {
  const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && isBlank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && isBlank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

inline bool isAscii(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

}  // namespace reeld
