#include "api/videoflix/mail_links.h"

#include "api/videoflix/answer.h"
#include "api/videoflix/fields.h"

namespace reeld::api::videoflix {

namespace {

using http::Exchange;
using http::Response;

struct Link {
  explicit Link(const Exchange& exchange)
      : uid(exchange.routeParameter("uid")), token(exchange.routeParameter("token")) {}
  const std::string_view uid;
  const std::string_view token;
};

Response activate(users::Activation& activation, const Exchange& exchange) {
  const Link link(exchange);
  // HEAD asks, and spends nothing.
  const bool good = exchange.method() == http::Method::Head
                        ? activation.isGood(link.uid, link.token)
                        : activation.activate(link.uid, link.token);
  return good ? message("Account successfully activated.")
              : message("This activation link is invalid or has expired.", 400);
}

Response requestReset(users::ResetRequests& requests, const Exchange& exchange) {
  Fields fields(exchange);
  const std::string email = fields.email("email");
  fields.check();
  requests.request(email);
  return detail("If this address is registered, a mail with a link is on its way.");
}

Response refuseLink() { return detail("This link is invalid or has expired.", 400); }

http::Prepared confirmReset(users::PasswordReset& reset, const Exchange& exchange) {
  const Link link(exchange);
  const auto user = reset.find(link.uid, link.token);
  if (!user) {
    return refuseLink();
  }
  Fields fields(exchange);
  const Secret password(fields.newPassword("new_password", user->email));
  const Secret again(fields.text("confirm_password"));
  fields.check();
  if (password.reveal() != again.reveal()) {
    refuseVaguely();
  }
  return [&reset, link, password](Exchange&) {
    // Somebody else may have used it meanwhile.
    return reset.confirm(link.uid, link.token, password)
               ? detail("Your password has been changed. Sign in with the new one.")
               : refuseLink();
  };
}

http::Route linkRoute(http::Route route) {
  route.secret_parameters = {"token"};
  return route;
}

}  // namespace

http::Routes mailLinkRoutes(users::Activation& activation, users::ResetRequests& requests,
                            users::PasswordReset& reset, http::Lane credentials_lane) {
  return {linkRoute(openRoute(http::Method::Get, "/api/activate/{uid}/{token}", http::Lane::Worker,
                              [&](Exchange& exchange) { return activate(activation, exchange); })),
          openRoute(http::Method::Post, "/api/password_reset", http::Lane::Worker,
                    [&](Exchange& exchange) { return requestReset(requests, exchange); }),
          linkRoute(preparedRoute(
              http::Method::Post, "/api/password_confirm/{uid}/{token}", credentials_lane,
              [&](Exchange& exchange) { return confirmReset(reset, exchange); }))};
}

}  // namespace reeld::api::videoflix
