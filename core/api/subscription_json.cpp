#include "api/subscription_json.h"

#include "api/timestamp.h"
#include "base/json.h"
#include "billing/split.h"

namespace reeld::api {

namespace {

using billing::Plan;
using billing::Subscription;
using billing::SubscriptionState;

void print(JsonWriter& json, const Plan& plan) {
  json.beginObject().member("id", plan.id).member("title", plan.title);
  json.key("price").raw(billing::printMoney(plan.price_minor));
  json.member("currency", plan.currency)
      .member("interval_days", plan.interval_days)
      .member("opens", plan.opens)
      .endObject();
}

void print(JsonWriter& json, const Subscription& subscription) {
  json.beginObject().member("id", subscription.id).key("plan");
  print(json, subscription.plan);
  json.member("status", word(subscription.state)).key("period_start");
  const bool has_begun = subscription.order_id.has_value();
  has_begun ? json.value(printTime(subscription.period_start)) : json.null();
  json.key("period_end");
  has_begun ? json.value(printTime(subscription.period_end)) : json.null();
  json.member("renews", subscription.renews && isLive(subscription.state)).key("next_plan");
  subscription.next_plan ? json.value(subscription.next_plan->id) : json.null();
  json.member("created_at", printTime(subscription.created_at)).key("ended_at");
  subscription.ended_at ? json.value(printTime(*subscription.ended_at)) : json.null();
  json.endObject();
}

}  // namespace

std::string subscriptionResult(const billing::Subscriptions::Result& result,
                               std::string_view message) {
  JsonWriter json;
  json.beginObject().member("message", message).key("subscription");
  print(json, result.subscription);
  json.key("order_id");
  result.order ? json.value(result.order->id) : json.null();
  json.key("checkout_url");
  const bool waits = result.order && result.order->state == billing::OrderState::Pending &&
                     result.order->checkout_url;
  waits ? json.value(*result.order->checkout_url) : json.null();
  json.endObject();
  return json.take();
}

std::string subscriptionsJson(const std::vector<Subscription>& subscriptions) {
  JsonWriter json;
  json.beginArray();
  for (const Subscription& subscription : subscriptions) {
    print(json, subscription);
  }
  json.endArray();
  return json.take();
}

std::string plansJson(const std::vector<Plan>& plans) {
  JsonWriter json;
  json.beginArray();
  for (const Plan& plan : plans) {
    print(json, plan);
  }
  json.endArray();
  return json.take();
}

std::string offerJson(const billing::Subscriptions::Offer& offer) {
  JsonWriter json;
  json.beginObject().member("from", offer.from.plan.id).key("plan");
  print(json, offer.plan);
  json.key("due").raw(billing::printMoney(offer.quote.due_minor));
  json.member("currency", offer.plan.currency)
      .member("at_period_end", offer.quote.at_period_end)
      .member("period_end", printTime(offer.from.period_end))
      .endObject();
  return json.take();
}

}  // namespace reeld::api
