#include "api/v1/mail_links.h"

#include "api/body_fields.h"
#include "api/endpoint.h"
#include "api/message.h"
#include "base/error.h"
#include "users/email.h"

namespace reeld::api::v1 {

namespace {

using http::Exchange;
using http::Response;

[[noreturn]] void refuseLink() {
  throw Error(ErrorCode::Invalid, "this link is wrong, was used, or is over: ask for a new one")
      .reason("link-invalid");
}

Response activateUser(users::Activation& activation, const Exchange& exchange) {
  const Json body = readJsonObject(exchange);
  BodyFields fields(body);
  const std::string uid = fields.requiredText("uid");
  const std::string token = fields.requiredText("token");
  fields.check();
  if (!activation.activate(uid, token)) {
    refuseLink();
  }
  return message("Address confirmed");
}

/// The answer tells nobody whether a user has the address.
Response requestReset(users::ResetRequests& requests, const Exchange& exchange) {
  const Json body = readJsonObject(exchange);
  BodyFields fields(body);
  const std::string email = fields.requiredText("email");
  if (const auto fault = users::emailFault(email); !fields.refused() && !fault.empty()) {
    fields.refuse("email", std::string(fault));
  }
  fields.check();
  requests.request(email);
  return message("If this address is registered, a mail with a link is on its way");
}

http::Prepared confirmReset(users::PasswordReset& reset, const Exchange& exchange) {
  const Json body = readJsonObject(exchange);
  BodyFields fields(body);
  const std::string uid = fields.requiredText("uid");
  const std::string token = fields.requiredText("token");
  const Secret password(fields.requiredText("new_password"));
  fields.check();
  if (!reset.admit(uid, token, password)) {
    refuseLink();
  }
  return [&reset, uid, token, password](Exchange&) {
    if (!reset.confirm(uid, token, password)) {
      refuseLink();
    }
    return message("Password changed");
  };
}

}  // namespace

http::Routes mailLinkRoutes(users::Activation& activation, users::ResetRequests& requests,
                            users::PasswordReset& reset, http::Lane credentials_lane) {
  using http::Lane;
  using http::Method;
  return {openRoute(Method::Post, "/api/v1/auth/activate", Lane::Worker,
                    [&](Exchange& exchange) { return activateUser(activation, exchange); }),
          openRoute(Method::Post, "/api/v1/auth/password/reset", Lane::Worker,
                    [&](Exchange& exchange) { return requestReset(requests, exchange); }),
          preparedRoute(Method::Post, "/api/v1/auth/password/reset/confirm", credentials_lane,
                        [&](Exchange& exchange) { return confirmReset(reset, exchange); })};
}

}  // namespace reeld::api::v1
