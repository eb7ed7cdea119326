#include "http/percent.h"

#include "base/utf8.h"

namespace reeld::http {

namespace {

int hexDigit(char c) noexcept {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space, bool slash_allowed) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
      const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
      if (low < 0) {
        return std::nullopt;
      }
      const char decoded = static_cast<char>(high * 16 + low);
      if (decoded == '\0' || (decoded == '/' && !slash_allowed)) {
        return std::nullopt;
      }
      out += decoded;
      i += 2;
    }
  }
  if (!utf8Length(out)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<std::string> decodePath(std::string_view path) { return decode(path, false, false); }

std::optional<std::string> decodeComponent(std::string_view component) {
  return component.find('\0') == std::string_view::npos ? decode(component, true, true)
                                                        : std::nullopt;
}

}  // namespace reeld::http
