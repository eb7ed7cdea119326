#include "api/v1/auth.h"

#include "api/body_fields.h"
#include "api/client.h"
#include "api/cross_site.h"
#include "api/endpoint.h"
#include "api/form_body.h"
#include "api/message.h"
#include "api/user_json.h"
#include "base/error.h"
#include "base/json.h"

namespace reeld::api::v1 {

namespace {

using http::Exchange;
using http::Prepared;
using http::Response;

[[noreturn]] void refuseTaken() {
  throw Error(ErrorCode::Conflict, "this e-mail address is already registered");
}

/// With the site's setup secret its first administrator, otherwise a viewer.
Prepared registerUser(const AuthParts& parts, const Exchange& exchange) {
  const Json body = readJsonObject(exchange);
  BodyFields fields(body);
  const std::string email = fields.requiredText("email");
  const Secret password(fields.requiredText("password"));
  const auto setup = fields.text("setup_secret");
  fields.check();
  if (!parts.registration.admit(email, password, clientOf(exchange))) {
    refuseTaken();
  }
  return [parts, email, password, setup](Exchange&) {
    const auto id = setup ? parts.registration.setUp(email, password, parts.setup_secret, *setup)
                          : parts.registration.signUp(email, password, parts.activation);
    if (!id) {
      refuseTaken();
    }
    JsonWriter json;
    json.beginObject().member("message", "User registered").member("user_id", *id).endObject();
    return Response::json(json.take(), 201);
  };
}

Response tokens(const users::SessionTokens& made) {
  JsonWriter json;
  json.beginObject()
      .member("access_token", made.access_token)
      .member("refresh_token", made.refresh_token)
      .member("token_type", "bearer")
      .member("expires_in", made.access_seconds)
      .endObject();
  Response response = Response::json(json.take());
  response.header("Cache-Control", "no-store");
  return response;
}

/// A JSON object, or the password form of OAuth2 (RFC 6749, section 4.3.2), where the address is
/// "username".
Json readCredentials(const Exchange& exchange) {
  auto form = readForm(exchange);
  return form ? std::move(*form) : readJsonObject(exchange, "application/json or that of a form");
}

Prepared login(users::SignIn& sign_in, const Exchange& exchange) {
  const Json body = readCredentials(exchange);
  BodyFields fields(body);
  const std::string email = fields.requiredText(
      body.find("username") == nullptr && body.find("email") != nullptr ? "email" : "username");
  const Secret password(fields.requiredText("password"));
  if (fields.text("grant_type").value_or("password") != "password") {
    fields.refuse("grant_type", "must be password");
  }
  fields.check();
  sign_in.admit(email, clientOf(exchange));
  return [&sign_in, email, password](Exchange& waited) {
    return tokens(sign_in.byPassword(email, password, clientOf(waited)));
  };
}

/// New tokens for {"refresh_token": ...}, or for the form of OAuth2 (RFC 6749, section 6).
Response refresh(users::Sessions& sessions, const Exchange& exchange) {
  const Json body = readCredentials(exchange);
  BodyFields fields(body);
  const std::string token = fields.requiredText("refresh_token");
  if (fields.text("grant_type").value_or("refresh_token") != "refresh_token") {
    fields.refuse("grant_type", "must be refresh_token");
  }
  fields.check();
  return tokens(sessions.rotate(token, users::Carrier::Bearer));
}

/// Who brings a refresh token ends its session, whether his access token is still good or not.
Response logout(const Guard& guard, users::Sessions& sessions, Exchange& exchange) {
  std::optional<std::string> token;
  if (!exchange.body().empty()) {
    const Json body = readCredentials(exchange);
    BodyFields fields(body);
    token = fields.text("refresh_token");
    fields.check();
  }
  const auto& caller = exchange.caller();
  if (caller.by_cookie) {
    refuseCrossSite(exchange);  // before anything is ended, whatever else was brought
  }
  const bool ended = token && sessions.endByRefresh(*token);
  if (!ended) {
    guard.admit(exchange, http::Access::User);
  }
  if (caller.failure.empty() && caller.user_id) {
    sessions.end(*caller.user_id, caller.session_id);
  }
  return message("Signed out");
}

Prepared changePassword(users::Passwords& passwords, const Guard& guard, Exchange& exchange) {
  const Json body = readJsonObject(exchange);
  const users::Viewer viewer = guard.admit(exchange, http::Access::User);
  BodyFields fields(body);
  const Secret current(fields.requiredText("current_password"));
  const Secret next(fields.requiredText("new_password"));
  fields.check();
  passwords.admitChange(viewer, next, clientOf(exchange));
  return [&passwords, viewer, current, next](Exchange& waited) {
    passwords.change(viewer, current, next, clientOf(waited));
    return message("Password changed");
  };
}

Response me(users::Directory& directory, const users::Viewer& viewer) {
  const auto user = directory.find(viewer.user_id);
  if (!user) {
    throw Error(ErrorCode::Unauthenticated, "this user is gone").reason("session-ended");
  }
  return Response::json(meJson(*user));
}

}  // namespace

http::Routes authRoutes(const Guard& guard, AuthParts parts) {
  const http::Lane hash = parts.credentials_lane;
  const auto hashed = [hash](std::string pattern, auto prepare) {
    return preparedRoute(http::Method::Post, std::move(pattern), hash, std::move(prepare));
  };
  const auto open = [](std::string pattern, auto handler) {
    return openRoute(http::Method::Post, std::move(pattern), http::Lane::Worker,
                     std::move(handler));
  };
  auto password = hashed("/api/v1/auth/password", [&guard, parts](Exchange& exchange) {
    return changePassword(parts.passwords, guard, exchange);
  });
  password.access = http::Access::User;
  password.guards_itself = true;
  return {
      hashed("/api/v1/auth/register",
             [parts](Exchange& exchange) { return registerUser(parts, exchange); }),
      hashed("/api/v1/auth/login",
             [parts](Exchange& exchange) { return login(parts.sign_in, exchange); }),
      open("/api/v1/auth/refresh",
           [parts](Exchange& exchange) { return refresh(parts.sessions, exchange); }),
      open("/api/v1/auth/logout",
           [&guard, parts](Exchange& exchange) { return logout(guard, parts.sessions, exchange); }),
      endpoint(
          http::Method::Get, "/api/v1/auth/me", http::Access::User,
          [parts](Exchange&, const users::Viewer& viewer) { return me(parts.directory, viewer); }),
      std::move(password)};
}

}  // namespace reeld::api::v1
