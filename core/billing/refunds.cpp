#include "billing/refunds.h"

#include "base/error.h"
#include "billing/order_repository.h"

namespace reeld::billing {

namespace {

constexpr std::int64_t RetryMs = 30'000;

void demandRefundable(const Order& order) {
  if (order.state == OrderState::Refunded) {
    throw Error(ErrorCode::Conflict, "this order is refunded already").reason("already-refunded");
  }
  if (!next(order.state, OrderEvent::Refunded)) {
    throw Error(ErrorCode::Conflict,
                "an order that is " + std::string(word(order.state)) + " has nothing to refund")
        .reason("not-refundable");
  }
}

}  // namespace

Order Refunds::refund(OrderId id, std::optional<std::int64_t> by) {
  const EpochMs now = clock_.now();
  const Order due = database_.transactByLocks([&](db::Session& session) {
    auto order = findOrderForUpdate(session, id);
    if (!order) {
      throw Error(ErrorCode::NotFound, "there is no order " + std::to_string(id));
    }
    demandRefundable(*order);
    if (by) {
      noteRefunder(session, id, *by);
    }
    refundNext(session, id, now + RetryMs);
    return std::move(*order);
  });
  Order order = attempt(due);
  if (order.state != OrderState::Refunded) {
    if (order.refund_at) {
      throw Error(ErrorCode::Unavailable, "the payment provider does not answer")
          .reason("payment-unavailable")
          .retryAfter(5000);
    }
    throw Error(ErrorCode::Conflict, "the payment provider refuses the refund")
        .reason("refund-refused");
  }
  return order;
}

Order Refunds::attempt(const Order& order) {
  PaymentProvider* const provider = providers_.find(order.provider);
  PaymentAnswer answer{.verdict = PaymentAnswer::Verdict::Unknown,
                       .reason = "its instance does not run"};
  if (provider != nullptr) {
    answer = provider->refund(order.provider_ref.value_or(""), order.refundKey(),
                              {order.price_minor, order.currency});
  }
  if (answer.verdict != PaymentAnswer::Verdict::Told) {
    log_.warning("a refund was not done", {{"order", order.id}, {"reason", answer.reason}});
  }
  const EpochMs now = clock_.now();
  return database_.transactByLocks([&](db::Session& session) {
    if (answer.verdict == PaymentAnswer::Verdict::Told) {
      settlement_.refunded(session, order.id, now);
    } else {
      const bool is_final = answer.verdict != PaymentAnswer::Verdict::Unknown;
      refundNext(session, order.id, is_final ? std::nullopt : std::optional(now + RetryMs));
    }
    return findOrder(session, order.id).value();
  });
}

}  // namespace reeld::billing
