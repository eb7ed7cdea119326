#include "api/payment_hooks.h"

#include "api/message.h"

namespace reeld::api {

namespace {
constexpr std::size_t LargestBody = 256 << 10;
}  // namespace

http::Route paymentHookRoute(billing::PaymentHooks& hooks) {
  http::Route route;
  route.method = http::Method::Post;
  route.pattern = "/hooks/payment/{instance}";
  route.access = http::Access::Public;
  route.max_body = LargestBody;
  route.handler = [&hooks](http::Exchange& exchange) {
    const int applied = hooks.take(std::string(exchange.routeParameter("instance")),
                                   exchange.allHeaders(), exchange.body());
    return message(applied > 0 ? "applied" : "nothing changed");
  };
  return route;
}

}  // namespace reeld::api
