#include "api/v1/auth.h"

#include "api/body_fields.h"
#include "api/endpoint.h"
#include "api/form_body.h"
#include "api/user_json.h"
#include "base/error.h"
#include "base/json.h"

namespace reeld::api::v1 {

namespace {

using http::Exchange;
using http::Response;

http::Route credentialRoute(std::string pattern, http::Lane lane,
                            std::function<Response(Exchange&)> handler) {
  http::Route route;
  route.method = http::Method::Post;
  route.pattern = std::move(pattern);
  route.lane = lane;
  route.access = http::Access::Public;
  route.handler = std::move(handler);
  return route;
}

Response registerUser(users::Registration& registration, const Exchange& exchange) {
  const Json body = readJsonObject(exchange);
  BodyFields fields(body);
  const std::string email = fields.requiredText("email");
  const Secret password(fields.requiredText("password"));
  fields.check();
  const auto id = registration.add(email, password);
  JsonWriter json;
  json.beginObject().member("message", "User registered").member("user_id", id).endObject();
  return Response::json(json.take(), 201);
}

/// A JSON object, or the password form of OAuth2 (RFC 6749, section 4.3.2), where the address is
/// "username".
Json readCredentials(const Exchange& exchange) {
  auto form = readForm(exchange);
  return form ? std::move(*form) : readJsonObject(exchange, "application/json or that of a form");
}

Response login(users::SignIn& sign_in, const Exchange& exchange) {
  const Json body = readCredentials(exchange);
  BodyFields fields(body);
  const std::string email = fields.requiredText(
      body.find("username") == nullptr && body.find("email") != nullptr ? "email" : "username");
  const Secret password(fields.requiredText("password"));
  if (fields.text("grant_type").value_or("password") != "password") {
    fields.refuse("grant_type", "must be password");
  }
  fields.check();
  const auto signed_in = sign_in.byPassword(email, password, exchange.peer());
  JsonWriter json;
  json.beginObject()
      .member("access_token", signed_in.access_token)
      .member("refresh_token", signed_in.refresh_token)
      .member("token_type", "bearer")
      .member("expires_in", signed_in.expires_in_seconds)
      .endObject();
  Response response = Response::json(json.take());
  response.header("Cache-Control", "no-store");
  return response;
}

Response me(users::Directory& directory, const users::Viewer& viewer) {
  const auto user = directory.find(viewer.user_id);
  if (!user) {
    throw Error(ErrorCode::Unauthenticated, "this user is gone").reason("session-ended");
  }
  return Response::json(meJson(*user));
}

}  // namespace

http::Routes authRoutes(users::Registration& registration, users::SignIn& sign_in,
                        users::Directory& directory, http::Lane credentials_lane) {
  return {credentialRoute("/api/v1/auth/register", credentials_lane,
                          [&](Exchange& exchange) { return registerUser(registration, exchange); }),
          credentialRoute("/api/v1/auth/login", credentials_lane,
                          [&](Exchange& exchange) { return login(sign_in, exchange); }),
          endpoint(http::Method::Get, "/api/v1/auth/me", http::Access::User,
                   [&](Exchange&, const users::Viewer& viewer) { return me(directory, viewer); })};
}

}  // namespace reeld::api::v1
