#include "billing/reconciliation.h"

#include "billing/idempotency.h"
#include "billing/order_repository.h"

#include <algorithm>

namespace reeld::billing {

namespace {

constexpr auto Often = std::chrono::seconds(2);
constexpr auto AfterFailure = std::chrono::seconds(5);
constexpr std::int64_t AtOnce = 100;
constexpr std::int64_t SoonestMs = 2'000;
constexpr std::int64_t LatestMs = 300'000;
constexpr std::int64_t RoundsToForget = 300;

}  // namespace

Reconciliation::Reconciliation(Parts parts)
    : parts_(std::move(parts)),
      work_(parts_.database, parts_.log,
            {.task = "payments",
             .failure = "cannot go on with orders that wait",
             .often = Often,
             .after_failure = AfterFailure},
            [this] { run(); }) {}

void Reconciliation::start() {
  parts_.database.transactByLocks([&](db::Session& session) {
    releaseOrdersOf(session, parts_.node);
    releaseRequestsOf(session, parts_.node);
  });
  work_.start();
}

Reconciliation::Result Reconciliation::run() {
  const EpochMs now = parts_.clock.now();
  Result result;
  // Asked first: what was paid in time is not given up.
  result.asked = ask(now);
  result.expired = expire(now);
  result.refunded = refund(now);
  if (rounds_++ % RoundsToForget == 0) {
    parts_.database.transactByLocks([&](db::Session& session) { forgetOldRequests(session, now); });
  }
  return result;
}

int Reconciliation::expire(EpochMs now) {
  const auto orders = parts_.database.readOne(
      [&](db::Session& session) { return expiredOrders(session, now, AtOnce); });
  int given_up = 0;
  for (const Order& order : orders) {
    const bool done = parts_.database.transactByLocks(
        [&](db::Session& session) { return parts_.settlement.giveUp(session, order.id, now); });
    given_up += done ? 1 : 0;
  }
  return given_up;
}

int Reconciliation::ask(EpochMs now) {
  const auto orders = parts_.database.readOne(
      [&](db::Session& session) { return ordersToAsk(session, now, AtOnce); });
  int asked = 0;
  for (const Order& order : orders) {
    if (work_.stopping()) {
      break;
    }
    ask(order, now);
    ++asked;
  }
  return asked;
}

void Reconciliation::ask(const Order& order, EpochMs now) {
  using Verdict = PaymentAnswer::Verdict;
  PaymentProvider* const provider = parts_.providers.find(order.provider);
  PaymentAnswer answer{.verdict = Verdict::Unknown};
  if (provider != nullptr && !provider->canLookup()) {
    answer.verdict = Verdict::NoCharge;  // its webhooks alone tell
  } else if (provider != nullptr) {
    answer = provider->lookup(order.reference, order.provider_ref.value_or(""));
  }
  parts_.database.transactByLocks([&](db::Session& session) {
    for (const PaymentEvent& event : answer.events) {
      parts_.settlement.take(session, order.provider, event, now);
    }
    const auto found = findOrder(session, order.id);
    const bool is_open = found && found->state == OrderState::Pending;
    // Beyond its time only one thing is left to learn: whether money had moved.
    const bool is_said = answer.verdict != Verdict::Unknown && order.expires_at <= now;
    const bool asks_on = found && !found->paid_at && !found->refund_at && !is_said &&
                         (is_open || answer.verdict == Verdict::Unknown);
    const EpochMs pause = std::clamp(now - order.created_at, SoonestMs, LatestMs);
    askNext(session, order.id, asks_on ? std::optional(now + pause) : std::nullopt);
  });
}

int Reconciliation::refund(EpochMs now) {
  const auto orders = parts_.database.readOne(
      [&](db::Session& session) { return ordersToRefund(session, now, AtOnce); });
  int done = 0;
  for (const Order& order : orders) {
    if (work_.stopping()) {
      break;
    }
    done += parts_.refunds.attempt(order).refund_at ? 0 : 1;
  }
  return done;
}

}  // namespace reeld::billing
