// The states of a subscription as a table, its terms over real rows, and its renewals by the clock.
#include "billing/subscription.h"

#include "club.h"

#include <array>

using namespace reeld;
using namespace reeld::billing;
using namespace reeld::test;
using Verdict = PaymentAnswer::Verdict;

namespace {

using Stage = SubscriptionState;
using Happening = SubscriptionEvent;

}  // namespace

TEST_CASE("a subscription moves along the edges of its table and no others") {
  struct Row {
    Stage from;
    Happening event;
    Stage to;
  };
  constexpr std::array Rows = {
      Row{Stage::Pending, Happening::Paid, Stage::Active},
      Row{Stage::Pending, Happening::Declined, Stage::Failed},
      Row{Stage::Active, Happening::Paid, Stage::Active},
      Row{Stage::Active, Happening::Due, Stage::Grace},
      Row{Stage::Active, Happening::Disputed, Stage::Held},
      Row{Stage::Active, Happening::Lapse, Stage::Ended},
      Row{Stage::Grace, Happening::Paid, Stage::Active},
      Row{Stage::Grace, Happening::Disputed, Stage::Held},
      Row{Stage::Grace, Happening::Lapse, Stage::Ended},
      Row{Stage::Held, Happening::Paid, Stage::Active},
      Row{Stage::Held, Happening::Lapse, Stage::Ended},
  };
  int edges = 0;
  for (const Stage from :
       {Stage::Pending, Stage::Active, Stage::Grace, Stage::Held, Stage::Ended, Stage::Failed}) {
    CHECK(parseSubscriptionState(word(from)) == from);
    for (const Happening event : {Happening::Paid, Happening::Declined, Happening::Due,
                                  Happening::Disputed, Happening::Lapse}) {
      std::optional<Stage> wanted;
      for (const Row& row : Rows) {
        wanted = row.from == from && row.event == event ? std::optional(row.to) : wanted;
      }
      CHECK(next(from, event) == wanted);
      edges += wanted ? 1 : 0;
    }
  }
  CHECK(edges == static_cast<int>(Rows.size()));
}

TEST_CASE("a subscription opens until its period ends, is renewed, and its income is the pool's") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Club club(dialect);
      CHECK_FALSE(club.opens());
      const Subscription begun = club.subscribe();
      CHECK(begun.state == Stage::Active);
      CHECK(begun.plan.id == "standard");
      CHECK(begun.period_end - begun.period_start == 30 * DayMs);
      CHECK(club.opens());
      CHECK(club.sum("pool") == 999);
      CHECK(reasonOf([&] { club.subscribe(); }) == "already-subscribed");
      club.clock.advance(30 * DayMs - 1);
      club.renewals.run();
      CHECK(club.sum("pool") == 999);
      club.clock.advance(1);
      club.renewals.run();
      CHECK(club.sum("pool") == 1998);
      CHECK(club.now().period_end == begun.period_end + 30 * DayMs);
      club.renewals.run();
      CHECK(club.sum("pool") == 1998);
      CHECK(club.faults().empty());
    }
  }
}

TEST_CASE("what was cancelled ends with its period, by the clock alone") {
  Club club;
  const Subscription begun = club.subscribe();
  CHECK(club.subscriptions.cancel(club.buyer).renews == false);
  club.clock.advance(30 * DayMs - 1);
  CHECK(club.opens());
  club.clock.advance(1);
  CHECK_FALSE(club.opens());
  CHECK(reasonOf([&] { club.subscriptions.cancel(club.buyer); }) == "not-subscribed");
  SECTION("looked at") {
    club.renewals.run();
    CHECK(club.now().state == Stage::Ended);
    CHECK(club.payments.charges == 1);
  }
  SECTION("or not: a new one begins all the same") {
    const Subscription anew = club.subscribe();
    CHECK(anew.id != begun.id);
    CHECK(anew.period_start == club.clock.now());
  }
}

TEST_CASE("a renewal that is declined is tried each day while grace lasts") {
  Club club;
  club.subscribe();
  club.payments.verdict = Verdict::Declined;
  club.clock.advance(30 * DayMs);
  club.renewals.run();
  CHECK(club.now().state == Stage::Grace);
  CHECK(club.opens());
  club.renewals.run();
  CHECK(club.payments.charges == 2);
  club.clock.advance(DayMs);
  club.renewals.run();
  CHECK(club.payments.charges == 3);
  SECTION("and paid") {
    const EpochMs was_end = club.now().period_end;
    club.payments.verdict = Verdict::Told;
    club.clock.advance(DayMs);
    club.renewals.run();
    CHECK(club.now().state == Stage::Active);
    CHECK(club.now().period_end == was_end + 30 * DayMs);
  }
  SECTION("or ended") {
    club.clock.advance(GraceMs);
    CHECK_FALSE(club.opens());
    club.renewals.run();
    CHECK(club.now().state == Stage::Ended);
  }
  CHECK(club.faults().empty());
}

TEST_CASE("a provider that does not answer is asked again with the same order") {
  Club club;
  club.subscribe();
  club.payments.verdict = Verdict::Unknown;
  club.clock.advance(30 * DayMs);
  club.renewals.run();
  club.clock.advance(61'000);
  club.renewals.run();
  CHECK(club.count("SELECT COUNT(*) FROM orders WHERE term = 'renewal'") == 1);
  CHECK(club.payments.charges == 3);
  club.payments.verdict = Verdict::Told;
  club.clock.advance(61'000);
  club.renewals.run();
  CHECK(club.now().state == Stage::Active);
}

TEST_CASE("a plan is changed for what is due, or with the next period") {
  Club club;
  club.subscribe();
  CHECK(reasonOf([&] { club.subscriptions.quote(club.buyer, "standard"); }) == "same-plan");
  CHECK(reasonOf([&] { club.subscriptions.quote(club.buyer, "dollars"); }) == "plan-unknown");
  CHECK(club.subscriptions.quote(club.buyer, "year").quote.due_minor == 8900);
  club.clock.advance(DayMs);
  const auto changed = club.subscriptions.change(club.buyer, "year", "");
  CHECK(changed.order->price_minor == 8900);
  CHECK(changed.subscription.plan.id == "year");
  CHECK(changed.subscription.period_start == club.clock.now());
  const auto later = club.subscriptions.change(club.buyer, "small", "");
  CHECK_FALSE(later.order);
  CHECK(later.subscription.next_plan->id == "small");
  club.clock.advance(365 * DayMs);
  club.renewals.run();
  CHECK(club.now().plan.id == "small");
  CHECK(club.sum("pool") == 999 + 8900 + 100);
  CHECK(club.faults().empty());
}

TEST_CASE("a change that is declined leaves everything as it was") {
  Club club;
  const Subscription begun = club.subscribe();
  club.payments.verdict = Verdict::Declined;
  CHECK(reasonOf([&] { club.subscriptions.change(club.buyer, "year", ""); }) == "payment-declined");
  CHECK(club.now().plan.id == "standard");
  CHECK(club.now().period_end == begun.period_end);
  CHECK(club.opens());
}

TEST_CASE("a refund ends a subscription, a dispute holds it") {
  Club club;
  const Subscription begun = club.subscribe();
  const Order order = club.order(begun.order_id.value());
  club.take(club.event(order, PaymentEventType::Disputed));
  CHECK(club.now().state == Stage::Held);
  CHECK_FALSE(club.opens());
  PaymentEvent won = club.event(order, PaymentEventType::Paid);
  won.id = "won";
  club.take(won);
  CHECK(club.opens());
  club.refunds.refund(order.id, club.creator.user_id);
  CHECK(club.now().state == Stage::Ended);
  CHECK_FALSE(club.opens());
  CHECK(club.sum("pool") == 0);
  CHECK(club.count("SELECT COUNT(*) FROM revocations WHERE user_id IS NOT NULL AND video_id IS "
                   "NULL") >= 1);
  CHECK(club.faults().empty());
}

TEST_CASE("a start that is declined or given up comes to nothing, and its late money goes back") {
  Club club;
  club.payments.verdict = Verdict::Declined;
  CHECK(reasonOf([&] { club.subscribe(); }) == "payment-declined");
  CHECK(club.now().state == Stage::Failed);
  club.payments.verdict = Verdict::Told;
  club.payments.checkout = true;
  const Subscription waiting = club.subscribe();
  CHECK(waiting.state == Stage::Pending);
  CHECK(club.subscribe().id == waiting.id);
  club.clock.advance(PendingMs);
  club.reconciliation.run();
  CHECK(club.now().state == Stage::Failed);
  const auto order = club.order(club.count("SELECT MAX(id) FROM orders"));
  CHECK(club.take(club.event(order, PaymentEventType::Paid)) == Outcome::RefundDue);
  CHECK_FALSE(club.opens());
  CHECK(club.count("SELECT COUNT(*) FROM ledger_postings") == 0);
  CHECK(club.subscribe().id != waiting.id);
}

TEST_CASE("a stored plan reads back") {
  const Plan plan{"a", "ä \"quoted\"", 30, 999, "EUR", "all"};
  CHECK(parsePlan(toJson(plan)) == plan);
  CHECK(codeOf([] { parsePlan("{}"); }) == ErrorCode::Corrupt);
}
