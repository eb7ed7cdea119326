// Where webhooks go, and one try of sending one: plain HTTP to a site on the same machine or
// network, nothing else.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace payment_sandbox {

struct HookAddress {
  std::string host;
  std::string port;
  std::string path;

  /// Of http://HOST:PORT/PATH; nothing for anything else.
  static std::optional<HookAddress> parse(std::string_view url);
  /// The status of the answer, 0 if there was none within five seconds.
  int post(std::string_view signature, std::string_view body) const;
};

}  // namespace payment_sandbox
