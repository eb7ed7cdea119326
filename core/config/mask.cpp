#include "config/mask.h"

#include <algorithm>
#include <cctype>

namespace reeld::config {

std::string maskUrl(const std::string& text) {
  std::string masked = text;
  const auto scheme = masked.find("://");
  if (scheme == std::string::npos) {
    return masked;
  }
  const auto begin = scheme + 3;
  // The last '@' before the path: a password may hold one itself.
  const auto at = masked.substr(0, masked.find_first_of("/?", begin)).rfind('@');
  const auto colon = masked.find(':', begin);
  if (at != std::string::npos && at >= begin && colon < at) {
    masked.replace(colon + 1, at - colon - 1, "***");
  }
  if (const auto named = masked.find("password="); named != std::string::npos) {
    const auto value = named + 9;
    masked.replace(value, std::min(masked.find('&', value), masked.size()) - value, "***");
  }
  return masked;
}

bool isSecretName(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::tolower(c));
  });
  for (const std::string harmless : {"_file", "_dir", "_path", "_seconds", "_minutes", "_bytes"}) {
    if (lower.ends_with(harmless)) {
      return false;
    }
  }
  for (const std::string word :
       {"password", "passphrase", "secret", "token", "credential", "apikey"}) {
    if (lower.find(word) != std::string::npos) {
      return true;
    }
  }
  return lower == "key" || lower.ends_with("_key");
}

}  // namespace reeld::config
