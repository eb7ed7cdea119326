#include "api/user_json.h"

#include "api/timestamp.h"
#include "base/json.h"

namespace reeld::api {

std::string meJson(const users::User& user) {
  JsonWriter json;
  json.beginObject()
      .member("id", user.id)
      .member("email", user.email)
      .member("role", users::word(user.role))
      .endObject();
  return json.take();
}

std::string usersJson(const std::vector<users::User>& users) {
  JsonWriter json;
  json.beginArray();
  for (const auto& user : users) {
    json.beginObject()
        .member("id", user.id)
        .member("email", user.email)
        .member("role", users::word(user.role))
        .member("is_active", user.is_active)
        .member("awaits_activation", user.awaits_activation)
        .member("created_at", printTime(user.created_at))
        .endObject();
  }
  json.endArray();
  return json.take();
}

std::string sessionsJson(const std::vector<users::SignInSession>& sessions,
                         const std::string& current) {
  JsonWriter json;
  json.beginArray();
  for (const auto& session : sessions) {
    json.beginObject()
        .member("id", session.id)
        .member("current", session.id == current)
        .member("user_agent", session.user_agent)
        .member("ip_address", session.address)
        .member("created_at", printTime(session.created_at))
        .member("refreshed_at", printTime(session.rotated_at))
        .member("expires_at", printTime(session.expires_at))
        .endObject();
  }
  json.endArray();
  return json.take();
}

}  // namespace reeld::api
