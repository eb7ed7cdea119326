#include "billing/refunds.h"

#include "base/error.h"
#include "billing/order_repository.h"

namespace reeld::billing {

namespace {

using Verdict = PaymentAnswer::Verdict;

constexpr std::int64_t RetryMs = 30'000;
/// For money that bought nothing: somebody has to see to it that the provider gives it back.
constexpr std::int64_t OwedRetryMs = 3'600'000;

/// Money came for it that bought nothing, so it is the buyer's however the provider answers.
bool isOwed(const Order& order) {
  return order.refund_at &&
         (order.state == OrderState::Expired || order.state == OrderState::Failed);
}

/// When a refund that was not done is tried next.
std::optional<EpochMs> retryAt(const Order& order, Verdict verdict, EpochMs now) {
  if (order.state == OrderState::Refunded) {
    return std::nullopt;  // told of meanwhile
  }
  if (verdict == Verdict::Unknown) {
    return now + RetryMs;
  }
  return isOwed(order) ? std::optional(now + OwedRetryMs) : std::nullopt;
}

void demandRefundable(const Order& order) {
  if (order.state == OrderState::Refunded) {
    throw Error(ErrorCode::Conflict, "this order is refunded already").reason("already-refunded");
  }
  if (!isOwed(order) && !next(order.state, OrderEvent::Refunded)) {
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
  Attempt done = attempt(due);
  if (done.verdict == Verdict::Told || done.order.state == OrderState::Refunded) {
    return std::move(done.order);
  }
  if (done.verdict == Verdict::Unknown) {
    throw Error(ErrorCode::Unavailable, "the payment provider does not answer")
        .reason("payment-unavailable")
        .retryAfter(5000);
  }
  throw Error(ErrorCode::Conflict, "the payment provider refuses the refund")
      .reason("refund-refused");
}

Refunds::Attempt Refunds::attempt(const Order& order) {
  PaymentProvider* const provider = providers_.find(order.provider);
  PaymentAnswer answer{.verdict = Verdict::Unknown, .reason = "its instance does not run"};
  if (provider != nullptr) {
    answer = provider->refund(order.provider_ref.value_or(""), order.refundKey(),
                              {order.price_minor, order.currency});
  }
  if (answer.verdict != Verdict::Told) {
    log_.warning("a refund was not done", {{"order", order.id}, {"reason", answer.reason}});
  }
  const EpochMs now = clock_.now();
  return database_.transactByLocks([&](db::Session& session) -> Attempt {
    if (answer.verdict == Verdict::Told) {
      settlement_.refunded(session, order.id, now);
    } else {
      const Order found = findOrderForUpdate(session, order.id).value();
      refundNext(session, order.id, retryAt(found, answer.verdict, now));
    }
    return {findOrder(session, order.id).value(), answer.verdict};
  });
}

}  // namespace reeld::billing
