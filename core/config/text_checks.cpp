#include "config/text_checks.h"

#include "base/utf8.h"
#include "config/units.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace reeld::config {

namespace {

bool isAddress(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(family, text.c_str(), address.data()) == 1;
}

bool isPort(const std::string& text) {
  const auto port = parseWhole(text);
  return port && *port >= 0 && *port <= 65535 && text.size() <= 5;
}

bool hasBlankOrControl(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

bool isHost(const std::string& text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    return isAddress(AF_INET6, text.substr(1, text.size() - 2));
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-';
  });
}

/// Splits off ":port" behind a name or a bracketed address.
bool isHostWithPort(const std::string& text, bool port_needed) {
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  return has_port ? isHost(text.substr(0, colon)) && isPort(text.substr(colon + 1))
                  : !port_needed && isHost(text);
}

}  // namespace

std::string absolutePath(const std::string& text) {
  return text.starts_with('/') && text.find('\0') == std::string::npos ? ""
                                                                       : "must be an absolute path";
}

std::string secretPathOrNone(const std::string& text) {
  return text.empty() || text.starts_with("$CREDENTIALS_DIRECTORY/") ? "" : absolutePath(text);
}

std::string listenAddress(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon != std::string::npos && isPort(text.substr(colon + 1))) {
    const std::string host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed ? isAddress(AF_INET6, host.substr(1, host.size() - 2))
                  : isAddress(AF_INET, host)) {
      return "";
    }
  }
  return "must be address:port, such as 127.0.0.1:8470 or [::]:8470";
}

std::string listenAddressOrNone(const std::string& text) {
  return text.empty() ? "" : listenAddress(text);
}

std::string origin(const std::string& text) {
  for (const std::string scheme : {"https://", "http://"}) {
    if (text.starts_with(scheme) && isHostWithPort(text.substr(scheme.size()), false)) {
      return "";
    }
  }
  return "must be an origin such as https://video.example.org, without a path";
}

std::string originOrNone(const std::string& text) { return text.empty() ? "" : origin(text); }

std::string pageAddress(const std::string& text) {
  const auto scheme_end = text.find("://");
  const auto path = scheme_end == std::string::npos ? scheme_end : text.find('/', scheme_end + 3);
  const bool good_path =
      path == std::string::npos ||
      std::all_of(text.begin() + static_cast<std::ptrdiff_t>(path), text.end(),
                  [](unsigned char c) {
                    return std::isalnum(c) != 0 ||
                           std::string_view("/-._~%!$&'()*+,;=:@").find(static_cast<char>(c)) !=
                               std::string_view::npos;
                  });
  return good_path && origin(text.substr(0, path)).empty()
             ? ""
             : "must be an address such as https://video.example.org, without query or fragment";
}

std::string addressOrNetwork(const std::string& text) {
  const auto slash = text.find('/');
  const std::string address = text.substr(0, slash);
  const bool is_v6 = isAddress(AF_INET6, address);
  if (is_v6 || isAddress(AF_INET, address)) {
    const auto bits = slash == std::string::npos ? std::optional<std::int64_t>(0)
                                                 : parseWhole(text.substr(slash + 1));
    if (bits && *bits >= 0 && *bits <= (is_v6 ? 128 : 32)) {
      return "";
    }
  }
  return "must be an address or a network, such as 10.0.0.1 or 10.0.0.0/8";
}

std::string databaseUrl(const std::string& text) {
  constexpr std::string_view Sqlite = "sqlite:";
  if (text.starts_with(Sqlite)) {
    const auto file = std::filesystem::path(text.substr(Sqlite.size()));
    if (!file.empty() && file.is_relative() && *file.lexically_normal().begin() == "..") {
      return "must lie below data_dir, or be an absolute path";
    }
  }
  const bool sqlite = text.starts_with("sqlite:") && text.size() > 7;
  const bool postgres = (text.starts_with("postgresql://") || text.starts_with("postgres://")) &&
                        !hasBlankOrControl(text);
  return sqlite || postgres ? "" : "must be sqlite:FILE or postgresql://USER@HOST/NAME";
}

std::string emailOrNone(const std::string& text) {
  const auto at = text.find('@');
  const bool good = at != std::string::npos && at > 0 && at + 1 < text.size() &&
                    text.find('@', at + 1) == std::string::npos && !hasBlankOrControl(text);
  return text.empty() || good ? "" : "must be an e-mail address";
}

std::string mailAddress(const std::string& text) {
  const auto at = text.find('@');
  const auto isAtomText = [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 ||
                        std::string_view("!#$%&'*+-/=?^_`{|}~.").find(static_cast<char>(c)) !=
                            std::string_view::npos);
  };
  const std::string local = text.substr(0, at);
  const bool good = at != std::string::npos && !local.empty() && local.front() != '.' &&
                    local.back() != '.' && local.find("..") == std::string::npos &&
                    std::all_of(local.begin(), local.end(), isAtomText) && text.size() <= 254 &&
                    text[at + 1] != '[' && isHost(text.substr(at + 1));
  return good ? ""
              : "must be an e-mail address such as noreply@example.org (a name for it goes into "
                "mail.from_name)";
}

std::string oneLine(const std::string& text) {
  const bool good = std::none_of(text.begin(), text.end(),
                                 [](unsigned char c) { return c < ' ' || c == 0x7f; }) &&
                    utf8Length(text);
  return good ? "" : "must be one line of UTF-8 without control characters";
}

std::string instanceName(const std::string& text) {
  constexpr std::size_t Longest = 40;
  const bool good = !text.empty() && text.size() <= Longest && text[0] >= 'a' && text[0] <= 'z' &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                    });
  return good ? "" : "must be a name of a-z, 0-9 and -, beginning with a letter, at most 40 long";
}

std::string instanceNameOrNone(const std::string& text) {
  return text.empty() ? "" : instanceName(text);
}

std::string currencyCode(const std::string& text) {
  const bool good = text.size() == 3 && std::all_of(text.begin(), text.end(),
                                                    [](char c) { return c >= 'A' && c <= 'Z'; });
  return good ? "" : "must be a currency of three capital letters, such as EUR";
}

std::string mountPath(const std::string& text) {
  const bool good =
      text.size() > 1 && text.front() == '/' && text.back() != '/' &&
      text.find("//") == std::string::npos &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_/") == std::string::npos;
  return good ? "" : "must be a path such as /api/v1/audit, of a-z, 0-9, - and _";
}

}  // namespace reeld::config
