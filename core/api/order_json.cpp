#include "api/order_json.h"

#include "api/timestamp.h"
#include "base/json.h"
#include "billing/split.h"

namespace reeld::api {

namespace {

using billing::Order;

void optionalId(JsonWriter& json, const char* name, const std::optional<std::int64_t>& id) {
  json.key(name);
  id ? json.value(*id) : json.null();
}

void optionalTime(JsonWriter& json, const char* name, const std::optional<EpochMs>& time) {
  json.key(name);
  time ? json.value(printTime(*time)) : json.null();
}

void amount(JsonWriter& json, const Order& order) {
  json.key("amount").raw(billing::printMoney(order.price_minor));
  json.member("currency", order.currency);
}

void checkout(JsonWriter& json, const Order& order) {
  json.key("checkout_url");
  const bool waits = order.state == billing::OrderState::Pending && order.checkout_url;
  waits ? json.value(*order.checkout_url) : json.null();
}

}  // namespace

std::string orderResult(const Order& order, std::string_view message) {
  JsonWriter json;
  json.beginObject().member("message", message).member("order_id", order.id);
  optionalId(json, "video_id", order.video_id);
  json.member("status", word(order.state));
  amount(json, order);
  checkout(json, order);
  json.endObject();
  return json.take();
}

std::string ordersJson(const std::vector<Order>& orders) {
  JsonWriter json;
  json.beginArray();
  for (const Order& order : orders) {
    json.beginObject().member("id", order.id);
    optionalId(json, "video_id", order.video_id);
    json.member("title", order.title).member("status", word(order.state));
    amount(json, order);
    checkout(json, order);
    json.member("created_at", printTime(order.created_at));
    optionalTime(json, "paid_at", order.paid_at);
    const bool is_refunded = order.state == billing::OrderState::Refunded;
    optionalTime(json, "refunded_at", is_refunded ? order.ended_at : std::nullopt);
    json.endObject();
  }
  json.endArray();
  return json.take();
}

}  // namespace reeld::api
