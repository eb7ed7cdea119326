#include "api/v1/payments.h"

#include "api/endpoint.h"
#include "api/idempotency_key.h"
#include "api/order_json.h"
#include "api/parameters.h"

namespace reeld::api::v1 {

namespace {

using billing::Answer;
using billing::Order;
using billing::OrderState;

std::string_view purchaseSentence(OrderState state) {
  switch (state) {
    case OrderState::Pending:
      return "Payment pending";
    case OrderState::Refunded:
      return "Payment refunded";
    default:
      return "Video purchased successfully";
  }
}

http::Response purchase(const PaymentParts& parts, const http::Exchange& exchange,
                        const users::Viewer& viewer) {
  const auto video = pathId(exchange, "video_id");
  const std::string key = idempotencyKey(exchange);
  return answered(parts.idempotency.once(viewer.user_id, key, operationOf(exchange), [&] {
    const Order order = parts.purchases.buy(viewer, video, key);
    return Answer{200, orderResult(order, purchaseSentence(order.state))};
  }));
}

http::Response refund(const PaymentParts& parts, const http::Exchange& exchange,
                      const users::Viewer& viewer) {
  const auto id = pathId(exchange);
  const std::string key = idempotencyKey(exchange);
  return answered(parts.idempotency.once(viewer.user_id, key, operationOf(exchange), [&] {
    return Answer{200, orderResult(parts.refunds.refund(id, viewer.user_id), "Payment refunded")};
  }));
}

http::Response listOrders(billing::Orders& orders, const http::Exchange& exchange,
                          const users::Viewer& viewer) {
  const Window window = readWindow(exchange);
  const auto page = orders.listOf(viewer.user_id, window.skip, window.limit);
  auto response = http::Response::json(ordersJson(page.orders));
  addWindowHeaders(response, "/api/v1/payments/", window, page.total);
  return response;
}

}  // namespace

http::Routes paymentRoutes(PaymentParts parts) {
  using http::Access;
  using http::Exchange;
  using http::Method;
  using users::Viewer;
  return {endpoint(Method::Get, "/api/v1/payments", Access::User,
                   [parts](Exchange& exchange, const Viewer& viewer) {
                     return listOrders(parts.orders, exchange, viewer);
                   }),
          endpoint(Method::Post, "/api/v1/payments/purchase/{video_id}", Access::User,
                   [parts](Exchange& exchange, const Viewer& viewer) {
                     return purchase(parts, exchange, viewer);
                   }),
          endpoint(Method::Post, "/api/v1/payments/{id}/refund", Access::Admin,
                   [parts](Exchange& exchange, const Viewer& viewer) {
                     return refund(parts, exchange, viewer);
                   })};
}

}  // namespace reeld::api::v1
