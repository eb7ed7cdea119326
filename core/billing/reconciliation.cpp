#include "billing/reconciliation.h"

#include "billing/idempotency.h"
#include "billing/order_repository.h"

#include <algorithm>

namespace reeld::billing {

namespace {

constexpr auto ReconcileEvery = std::chrono::seconds(2);
constexpr auto ReconcileAfterFailure = std::chrono::seconds(5);
constexpr std::int64_t OrdersAtOnce = 100;
constexpr std::int64_t SoonestMs = 2'000;
constexpr std::int64_t LatestMs = 300'000;
constexpr std::int64_t RoundsToForget = 300;

}  // namespace

Reconciliation::Reconciliation(Parts parts)
    : parts_(std::move(parts)),
      work_(parts_.database, parts_.log,
            {.task = "payments",
             .failure = "cannot go on with orders that wait",
             .often = ReconcileEvery,
             .after_failure = ReconcileAfterFailure},
            [this] { run(); }) {}

void Reconciliation::start() {
  parts_.database.transactByLocks([&](db::Session& session) {
    releaseOrdersOf(session, parts_.node);
    releaseRequestsOf(session, parts_.node);
  });
  work_.start();
}

Reconciliation::Result Reconciliation::run() {
  Result result;
  Silent silent;
  // Asked first: what was paid in time is not given up.
  result.asked =
      each({.failure = "an order was not asked about",
            .due = ordersToAsk,
            .work = [&](const Order& order, EpochMs now) { return ask(order, silent, now); },
            .put_off = askLater});
  result.expired =
      each({.failure = "an order was not given up",
            .due = expiredOrders,
            .work = [&](const Order& order, EpochMs now) { return giveUp(order, now); },
            .put_off = holdOrder});
  result.refunded =
      each({.failure = "an order was not refunded",
            .due = ordersToRefund,
            .work = [&](const Order& order, EpochMs now) { return refund(order, silent, now); },
            .put_off = refundLater});
  if (rounds_++ % RoundsToForget == 0) {
    parts_.database.transactByLocks(
        [&](db::Session& session) { forgetOldRequests(session, parts_.clock.now()); });
  }
  return result;
}

int Reconciliation::each(const Task& task) {
  const auto orders = parts_.database.readOne(
      [&](db::Session& session) { return task.due(session, parts_.clock.now(), OrdersAtOnce); });
  int done = 0;
  for (const Order& order : orders) {
    if (work_.stopping()) {
      break;
    }
    try {
      done += task.work(order, parts_.clock.now()) ? 1 : 0;
    } catch (const std::exception& error) {
      parts_.log.error(task.failure, {{"order", order.id}, {"error", error.what()}});
      putOff(task, order);
    }
  }
  return done;
}

void Reconciliation::putOff(const Task& task, const Order& order) {
  try {
    parts_.database.transactByLocks([&](db::Session& session) {
      task.put_off(session, order.id, parts_.clock.now() + LatestMs);
    });
  } catch (const std::exception& error) {
    // It comes first again in the next round; those behind it are this round's.
    parts_.log.error("an order was not put off", {{"order", order.id}, {"error", error.what()}});
  }
}

bool Reconciliation::giveUp(const Order& order, EpochMs now) {
  return parts_.database.transactByLocks(
      [&](db::Session& session) { return parts_.settlement.giveUp(session, order.id, now); });
}

bool Reconciliation::ask(const Order& order, Silent& silent, EpochMs began) {
  using Verdict = PaymentAnswer::Verdict;
  if (silent.contains(order.provider)) {
    parts_.database.transactByLocks(
        [&](db::Session& session) { askLater(session, order.id, began + SoonestMs); });
    return false;
  }
  PaymentProvider* const provider = parts_.providers.find(order.provider);
  PaymentAnswer answer{.verdict = Verdict::Unknown};
  if (provider != nullptr && !provider->canLookup()) {
    answer.verdict = Verdict::NoCharge;  // its webhooks alone tell
  } else if (provider != nullptr) {
    answer = provider->lookup(order.reference, order.provider_ref.value_or(""));
  }
  if (answer.verdict == Verdict::Unknown) {
    silent.insert(order.provider);
  }
  const EpochMs now = parts_.clock.now();
  parts_.database.transactByLocks([&](db::Session& session) {
    for (const PaymentEvent& event : answer.events) {
      parts_.settlement.take(session, order.provider, event, now);
    }
    const auto found = findOrder(session, order.id);
    const bool is_open = found && found->state == OrderState::Pending;
    // Beyond its time only one thing is left to learn: whether money had moved.
    const bool is_said = answer.verdict != Verdict::Unknown && order.expires_at <= began;
    const bool asks_on = found && !found->paid_at && !found->refund_at && !is_said &&
                         (is_open || answer.verdict == Verdict::Unknown);
    const EpochMs pause = std::clamp(now - order.created_at, SoonestMs, LatestMs);
    askNext(session, order.id, asks_on ? std::optional(now + pause) : std::nullopt);
  });
  return true;
}

bool Reconciliation::refund(const Order& order, Silent& silent, EpochMs now) {
  if (silent.contains(order.provider)) {
    parts_.database.transactByLocks(
        [&](db::Session& session) { refundLater(session, order.id, now + SoonestMs); });
    return false;
  }
  const auto attempt = parts_.refunds.attempt(order);
  if (attempt.verdict == PaymentAnswer::Verdict::Unknown) {
    silent.insert(order.provider);
  }
  return !attempt.order.refund_at;
}

}  // namespace reeld::billing
