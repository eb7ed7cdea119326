// The cookies of a browser that is signed in: the two tokens, which no script can read, and
// csrftoken, which scripts look for to know that somebody is. They end with the browser; how long a
// session lasts is in the tokens.
#pragma once
#include "http/exchange.h"
#include "users/sessions.h"

#include <string_view>
#include <vector>

namespace reeld::api {

inline constexpr std::string_view AccessCookie = "access_token";
inline constexpr std::string_view RefreshCookie = "refresh_token";
inline constexpr std::string_view MarkerCookie = "csrftoken";

class SessionCookies {
 public:
  /// `secure`: browsers send them over HTTPS alone.
  explicit SessionCookies(bool secure) : secure_(secure) {}

  void set(http::Response& response, const users::SessionTokens& tokens) const;
  /// What makes a browser forget all of them.
  std::vector<http::Header> expired() const;

 private:
  http::Header cookie(std::string_view name, std::string_view value,
                      std::string_view attributes) const;

  const bool secure_;
};

}  // namespace reeld::api
