#include "http/engine/authority.h"

namespace reeld::http::engine {

namespace {

bool isPort(std::string_view text) noexcept {
  if (text.size() > 5) {
    return false;
  }
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return false;
    }
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  return port <= 65535;
}

bool isHex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isNameCharacter(char c) noexcept {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

bool isAuthority(std::string_view text) noexcept {
  if (text.empty() || text.size() > 255 + 6) {
    return false;
  }
  if (text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3) {
      return false;
    }
    for (const char c : text.substr(1, end - 1)) {
      if (!isHex(c) && c != ':' && c != '.') {
        return false;
      }
    }
    const std::string_view after = text.substr(end + 1);
    return after.empty() || (after.front() == ':' && isPort(after.substr(1)));
  }
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const char c : name) {
    if (!isNameCharacter(c)) {
      return false;
    }
  }
  return !name.empty() && (colon == std::string_view::npos || isPort(text.substr(colon + 1)));
}

}  // namespace reeld::http::engine
