#include "api/guard.h"

#include "api/cross_site.h"
#include "api/session_cookies.h"
#include "base/error.h"

#include <strings.h>

#include <charconv>

namespace reeld::api {

namespace {

constexpr std::string_view Scheme = "bearer ";
constexpr const char* Mixed = "credentials-mixed";

std::optional<std::string_view> bearerToken(std::string_view header) {
  if (header.size() <= Scheme.size() ||
      ::strncasecmp(header.data(), Scheme.data(), Scheme.size()) != 0) {
    return std::nullopt;
  }
  header.remove_prefix(Scheme.size());
  while (!header.empty() && header.front() == ' ') {
    header.remove_prefix(1);
  }
  return header;
}

const char* failureOf(TokenVerdict verdict) {
  switch (verdict) {
    case TokenVerdict::Ok:
      return "";
    case TokenVerdict::Malformed:
      return "token-malformed";
    case TokenVerdict::Forged:
      return "token-forged";
    case TokenVerdict::WrongPurpose:
      return "token-wrong-purpose";
    case TokenVerdict::Expired:
      return "token-expired";
  }
  return "token-malformed";
}

std::string textOf(const Json& claims, const char* name) {
  const Json* value = claims.find(name);
  return value != nullptr && value->isString() ? value->text() : "";
}

/// The user id in `sub`; 0 if it is none.
std::int64_t subjectOf(const Json& claims) {
  const std::string text = textOf(claims, "sub");
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failure == std::errc() && end == text.data() + text.size() ? id : 0;
}

[[noreturn]] void refuseCredential(const std::string& reason, const char* sentence) {
  throw Error(ErrorCode::Unauthenticated, sentence).reason(reason);
}

[[noreturn]] void refuseFailure(const std::string& failure) {
  if (failure == Mixed) {
    throw Error(ErrorCode::Invalid,
                "send the access token as Bearer or in the cookie, not both in one request")
        .reason(failure);
  }
  refuseCredential(failure, failure == "token-expired"
                                ? "this access token is expired: sign in again"
                                : "this is no access token of this site");
}

}  // namespace

Guard::Guard(users::ViewerCache& viewers, const TokenSigner& signer, const Clock& clock)
    : viewers_(viewers), signer_(signer), clock_(clock) {}

void Guard::identify(http::Exchange& exchange) const {
  const auto bearer = bearerToken(exchange.header("authorization"));
  const auto cookie = exchange.cookie(AccessCookie);
  const auto token = bearer ? bearer : cookie;
  if (!token) {
    return;
  }
  auto& caller = exchange.caller();
  if (bearer && cookie) {
    caller.failure = Mixed;
    return;
  }
  caller.by_cookie = cookie.has_value();
  const auto verified = signer_.verify(TokenPurpose::Access, *token, clock_.now());
  caller.failure = failureOf(verified.verdict);
  if (verified.verdict != TokenVerdict::Ok) {
    return;
  }
  const std::int64_t user_id = subjectOf(verified.claims);
  const Json* issued = verified.claims.find("iat");
  if (user_id < 1 || issued == nullptr || !issued->isInteger()) {
    caller.failure = failureOf(TokenVerdict::Malformed);
    return;
  }
  caller.user_id = user_id;
  caller.session_id = textOf(verified.claims, "sid");
  caller.token_id = textOf(verified.claims, "jti");
  caller.issued_ms = issued->integer() * 1000;
}

void Guard::check(http::Exchange& exchange, const http::Route& route) const {
  if (exchange.caller().failure == Mixed && route.surface() == "v1") {
    refuseFailure(Mixed);
  }
  if (route.access != http::Access::Public && !route.guards_itself) {
    admit(exchange, route.access);
  }
}

std::optional<users::Viewer> Guard::known(http::Exchange& exchange) const {
  auto& caller = exchange.caller();
  if (!caller.failure.empty() || !caller.user_id || caller.by_cookie) {
    return std::nullopt;
  }
  auto viewer = viewers_.known(caller.session_id, *caller.user_id);
  if (viewer) {
    viewer->token_id = caller.token_id;
    caller.role = users::word(viewer->role);
  }
  return viewer;
}

void Guard::demandCredential(const http::Exchange& exchange) {
  const auto& caller = exchange.caller();
  if (!caller.failure.empty()) {
    refuseFailure(caller.failure);
  }
  if (!caller.user_id) {
    refuseCredential("credential-missing",
                     "this needs an access token: sign in and send it as Bearer");
  }
}

users::Viewer Guard::admit(http::Exchange& exchange, http::Access access) const {
  demandCredential(exchange);
  auto& caller = exchange.caller();
  if (caller.by_cookie) {
    refuseCrossSite(exchange);
  }
  auto viewer = viewers_.find(caller.session_id, *caller.user_id);
  if (!viewer) {
    refuseCredential("session-ended", "this session has ended: sign in again");
  }
  viewer->token_id = caller.token_id;
  const bool creator = viewer->role == users::Role::Creator || viewer->role == users::Role::Admin;
  const bool allowed = access == http::Access::Admin     ? viewer->role == users::Role::Admin
                       : access == http::Access::Creator ? creator
                                                         : true;
  if (!allowed) {
    throw Error(ErrorCode::Denied, "your role does not allow this");
  }
  caller.role = users::word(viewer->role);
  return *viewer;
}

users::Viewer viewerOf(const http::Exchange& exchange) {
  const auto& caller = exchange.caller();
  const auto role = users::parseRole(caller.role);
  if (!role || !caller.user_id) {
    throw Error(ErrorCode::Internal,
                "a handler asked for its viewer before the guard had let one in");
  }
  return {.user_id = *caller.user_id,
          .role = *role,
          .session_id = caller.session_id,
          .token_id = caller.token_id};
}

}  // namespace reeld::api
