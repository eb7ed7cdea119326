#include "api/v1/subscriptions.h"

#include "api/body_fields.h"
#include "api/endpoint.h"
#include "api/idempotency_key.h"
#include "api/parameters.h"
#include "api/subscription_json.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

using billing::Answer;
using billing::SubscriptionState;

std::string_view resultSentence(const billing::Subscriptions::Result& result) {
  if (result.subscription.state == SubscriptionState::Pending) {
    return "Payment pending";
  }
  return result.order ? "Subscription activated" : "Subscription goes on";
}

/// The plan that the body names; a body need not be there.
std::string planIn(const http::Exchange& exchange) {
  if (exchange.body().empty()) {
    return "";
  }
  const Json body = readJsonObject(exchange);
  BodyFields fields(body);
  const auto plan = fields.text("plan");
  fields.check();
  return plan.value_or("");
}

http::Response beginSubscription(const SubscriptionParts& parts, const http::Exchange& exchange,
                                 const users::Viewer& viewer) {
  const std::string plan = planIn(exchange);
  const std::string key = idempotencyKey(exchange);
  return answered(parts.idempotency.once(viewer.user_id, key, operationOf(exchange), [&] {
    const auto result = parts.subscriptions.activate(viewer, plan, key);
    return Answer{200, subscriptionResult(result, resultSentence(result))};
  }));
}

http::Response change(const SubscriptionParts& parts, const http::Exchange& exchange,
                      const users::Viewer& viewer, const Json& body) {
  BodyFields fields(body);
  const std::string plan = fields.requiredText("plan");
  fields.check();
  const std::string key = idempotencyKey(exchange);
  return answered(parts.idempotency.once(viewer.user_id, key, operationOf(exchange), [&] {
    const auto result = parts.subscriptions.change(viewer, plan, key);
    const bool is_later = !result.order;
    return Answer{200,
                  subscriptionResult(result, is_later ? "Plan changes with the next period"
                                             : result.order->state == billing::OrderState::Pending
                                                 ? "Payment pending"
                                                 : "Plan changed")};
  }));
}

http::Response cancel(const SubscriptionParts& parts, const http::Exchange& exchange,
                      const users::Viewer& viewer) {
  const std::string key = idempotencyKey(exchange);
  return answered(parts.idempotency.once(viewer.user_id, key, operationOf(exchange), [&] {
    return Answer{200, subscriptionResult({parts.subscriptions.cancel(viewer), std::nullopt},
                                          "Subscription ends with its period")};
  }));
}

http::Response quote(billing::Subscriptions& subscriptions, const http::Exchange& exchange,
                     const users::Viewer& viewer) {
  const auto plan = exchange.queryValue("plan");
  if (!plan || plan->empty()) {
    throw Error({Violation{"/plan", "is required"}});
  }
  return http::Response::json(offerJson(subscriptions.quote(viewer, *plan)));
}

http::Response listSubscriptions(billing::Subscriptions& subscriptions,
                                 const http::Exchange& exchange, const users::Viewer& viewer) {
  const Window window = readWindow(exchange);
  const auto page = subscriptions.listOf(viewer.user_id, window.skip, window.limit);
  auto response = http::Response::json(subscriptionsJson(page.subscriptions));
  addWindowHeaders(response, "/api/v1/subscriptions/", window, page.total);
  return response;
}

}  // namespace

http::Routes subscriptionRoutes(const Guard& guard, SubscriptionParts parts) {
  using http::Access;
  using http::Exchange;
  using http::Method;
  using users::Viewer;
  const auto begin = [parts](Exchange& exchange, const Viewer& viewer) {
    return beginSubscription(parts, exchange, viewer);
  };
  return {endpoint(Method::Get, "/api/v1/subscriptions", Access::User,
                   [parts](Exchange& exchange, const Viewer& viewer) {
                     return listSubscriptions(parts.subscriptions, exchange, viewer);
                   }),
          endpoint(Method::Get, "/api/v1/subscriptions/plans", Access::User,
                   [parts](Exchange&, const Viewer&) {
                     return http::Response::json(plansJson(parts.subscriptions.plans()));
                   }),
          endpoint(Method::Get, "/api/v1/subscriptions/quote", Access::User,
                   [parts](Exchange& exchange, const Viewer& viewer) {
                     return quote(parts.subscriptions, exchange, viewer);
                   }),
          endpoint(Method::Post, "/api/v1/subscriptions/activate", Access::User, begin),
          endpoint(Method::Post, "/api/v1/payments/subscribe", Access::User, begin),
          endpoint(Method::Post, "/api/v1/subscriptions/cancel", Access::User,
                   [parts](Exchange& exchange, const Viewer& viewer) {
                     return cancel(parts, exchange, viewer);
                   }),
          jsonEndpoint(guard, Method::Post, "/api/v1/subscriptions/change", Access::User,
                       [parts](Exchange& exchange, const Viewer& viewer, const Json& body) {
                         return change(parts, exchange, viewer, body);
                       })};
}

}  // namespace reeld::api::v1
