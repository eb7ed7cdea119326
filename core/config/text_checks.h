// Forms a text in the configuration must have. Each gives what is wrong ("must be ...") or "".
#pragma once
#include <string>

namespace reeld::config {

std::string absolutePath(const std::string& text);
/// Empty, absolute, or below $CREDENTIALS_DIRECTORY/ (systemd's LoadCredential=).
std::string secretPathOrNone(const std::string& text);
std::string listenAddress(const std::string& text);  ///< 127.0.0.1:8470, [::1]:8470
std::string listenAddressOrNone(const std::string& text);
std::string origin(const std::string& text);  ///< https://host[:port], no path
std::string originOrNone(const std::string& text);
std::string addressOrNetwork(const std::string& text);  ///< 10.0.0.1, 10.0.0.0/8, fd00::/8
std::string databaseUrl(const std::string& text);
std::string emailOrNone(const std::string& text);
std::string mailAddress(const std::string& text);  ///< noreply@example.org, ASCII, without a name
std::string oneLine(const std::string& text);      ///< UTF-8 without control characters
/// http(s)://host[:port][/path], what a link may begin with: no query, fragment or user.
std::string pageAddress(const std::string& text);
/// A path of the site without parameters and without a slash at its end: /api/v1/audit.
std::string mountPath(const std::string& text);
/// Of an instance, and of the file name in `use`: [a-z][a-z0-9-]{0,39}.
std::string instanceName(const std::string& text);
std::string instanceNameOrNone(const std::string& text);
std::string currencyCode(const std::string& text);  ///< ISO 4217: EUR

}  // namespace reeld::config
