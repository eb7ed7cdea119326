#include "api/videoflix/auth.h"

#include "api/client.h"
#include "api/cross_site.h"
#include "api/videoflix/answer.h"
#include "api/videoflix/fields.h"
#include "base/error.h"
#include "base/json.h"

namespace reeld::api::videoflix {

namespace {

using http::Exchange;
using http::Response;

http::Prepared registerUser(const AuthParts& parts, const Exchange& exchange) {
  Fields fields(exchange);
  const std::string email = fields.email("email");
  const Secret password(fields.newPassword("password", email));
  const Secret again(fields.text("confirmed_password"));
  fields.check();
  if (password.reveal() != again.reveal()) {
    refuseVaguely();
  }
  if (!parts.registration.admit(email, password, clientOf(exchange))) {
    refuseVaguely();
  }
  return [parts, email, password](Exchange&) {
    const auto id = parts.registration.signUp(email, password, parts.activation);
    if (!id) {
      refuseVaguely();
    }
    JsonWriter json;
    json.beginObject().key("user").beginObject();
    json.member("id", *id).member("email", email).endObject();
    // The key is the contract's; what opens the account is in the mail alone.
    json.member("token", "").endObject();
    return Response::json(json.take(), 201);
  };
}

Response signedIn(const AuthParts& parts, const std::string& email, const Secret& password,
                  const Exchange& exchange) {
  const auto tokens =
      parts.sign_in.tryPassword(email, password, clientOf(exchange), users::Carrier::Cookies);
  if (!tokens) {
    refuseVaguely();
  }
  const auto user = parts.directory.find(tokens->user_id);
  JsonWriter json;
  json.beginObject().member("detail", "Login successful").key("user").beginObject();
  json.member("id", tokens->user_id).member("username", user ? user->email : email);
  json.endObject().endObject();
  Response response = Response::json(json.take());
  parts.cookies.set(response, *tokens);
  return response;
}

http::Prepared login(const AuthParts& parts, const Exchange& exchange) {
  refuseCrossSite(exchange);
  Fields fields(exchange);
  const std::string email = fields.email("email");
  const Secret password(fields.asSent("password"));
  fields.check();
  parts.sign_in.admit(email, clientOf(exchange));
  return [parts, email, password](Exchange& waited) {
    return signedIn(parts, email, password, waited);
  };
}

std::string_view refreshTokenOf(const Exchange& exchange) {
  const auto token = exchange.cookie(RefreshCookie);
  if (!token) {
    throw Error(ErrorCode::Invalid, "You are not signed in: the cookie refresh_token is missing.");
  }
  return *token;
}

Response refresh(const AuthParts& parts, const Exchange& exchange) {
  refuseCrossSite(exchange);
  const auto tokens = parts.sessions.rotate(refreshTokenOf(exchange), users::Carrier::Cookies);
  JsonWriter json;
  // The key is the contract's; the token itself is in a cookie that no script can read.
  json.beginObject().member("detail", "Token refreshed").member("access", "").endObject();
  Response response = Response::json(json.take());
  parts.cookies.set(response, tokens);
  return response;
}

/// Either cookie ends its session: the page has no other way, and both are gone afterwards.
Response logout(const AuthParts& parts, const Exchange& exchange) {
  refuseCrossSite(exchange);
  const auto& caller = exchange.caller();
  const bool ended = caller.by_cookie && caller.failure.empty() && caller.user_id &&
                     parts.sessions.end(*caller.user_id, caller.session_id);
  if (!parts.sessions.endByRefresh(refreshTokenOf(exchange)) && !ended) {
    throw Error(ErrorCode::Unauthenticated, "You were signed out before.").reason("session-ended");
  }
  return detail("You are signed out.");
}

}  // namespace

http::Routes authRoutes(const AuthParts& parts) {
  const auto route = [&](std::string pattern,
                         Response (*handler)(const AuthParts&, const Exchange&)) {
    return openRoute(http::Method::Post, std::move(pattern), http::Lane::Worker,
                     [parts, handler](Exchange& exchange) { return handler(parts, exchange); });
  };
  const auto hashed = [&](std::string pattern,
                          http::Prepared (*prepare)(const AuthParts&, const Exchange&)) {
    return preparedRoute(http::Method::Post, std::move(pattern), parts.credentials_lane,
                         [parts, prepare](Exchange& exchange) { return prepare(parts, exchange); });
  };
  http::Routes routes = {hashed("/api/register", registerUser), hashed("/api/login", login),
                         route("/api/token/refresh", refresh), route("/api/logout", logout)};
  routes.back().standing_headers = parts.cookies.expired();
  return routes;
}

}  // namespace reeld::api::videoflix
