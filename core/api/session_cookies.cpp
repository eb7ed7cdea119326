#include "api/session_cookies.h"

#include "base/crypto.h"

namespace reeld::api {

namespace {
constexpr std::string_view Unreadable = "; HttpOnly";
constexpr std::string_view Over = "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
constexpr std::size_t MarkerBytes = 16;
}  // namespace

http::Header SessionCookies::cookie(std::string_view name, std::string_view value,
                                    std::string_view attributes) const {
  std::string text(name);
  text.append("=").append(value).append("; Path=/; SameSite=Lax").append(attributes);
  if (secure_) {
    text.append("; Secure");
  }
  return {"Set-Cookie", std::move(text)};
}

void SessionCookies::set(http::Response& response, const users::SessionTokens& tokens) const {
  response.headers.push_back(cookie(AccessCookie, tokens.access_token, Unreadable));
  response.headers.push_back(cookie(RefreshCookie, tokens.refresh_token, Unreadable));
  response.headers.push_back(cookie(MarkerCookie, randomToken(MarkerBytes), ""));
  response.header("Cache-Control", "no-store");
}

std::vector<http::Header> SessionCookies::expired() const {
  const std::string over(Over);
  return {cookie(AccessCookie, "", over + std::string(Unreadable)),
          cookie(RefreshCookie, "", over + std::string(Unreadable)),
          cookie(MarkerCookie, "", over)};
}

}  // namespace reeld::api
