// A site with a video for sale and a payment provider whose answers a test chooses.
#pragma once
#include "billing/idempotency.h"
#include "billing/order_repository.h"
#include "billing/payment_hooks.h"
#include "billing/purchased_videos.h"
#include "billing/purchases.h"
#include "billing/reconciliation.h"
#include "billing/refunds.h"
#include "catalog/video_repository.h"
#include "unit/users/site.h"

#include <functional>
#include <map>

namespace reeld::test {

/// Keeps what it was asked for, as real ones do: a key is charged once.
class FakePayments final : public billing::PaymentProvider {
 public:
  using Answer = billing::PaymentAnswer;

  const std::string& name() const override { return name_; }
  bool canLookup() const override { return true; }
  Answer charge(const billing::Charge& charge) override {
    ++charges;
    if (verdict == Answer::Verdict::Told && !checkout) {
      taken[charge.order] = {charge.amount.minor - short_by, charge.amount.currency};
      return told(charge.order);
    }
    Answer answer{.verdict = verdict, .reason = "as the test wants"};
    if (checkout) {
      answer.checkout = billing::Checkout{"ref-" + charge.order, "https://pay.example/x"};
    }
    if (takes_silently) {
      taken[charge.order] = charge.amount;
    }
    return answer;
  }
  Answer refund(const std::string& ref, const std::string&, const billing::Amount&) override {
    ++refunds;
    refunded.push_back(ref);
    return {.verdict = refund_verdict, .reason = "as the test wants"};
  }
  std::vector<billing::PaymentEvent> webhook(const billing::HeaderList&,
                                             std::string_view) override {
    return events;
  }
  Answer lookup(const std::string& order, const std::string&) override {
    ++lookups;
    if (order == throws_at) {
      throw Error(ErrorCode::Internal, "as the test wants");
    }
    if (lookup_verdict != Answer::Verdict::Told) {
      return {.verdict = lookup_verdict};
    }
    return taken.contains(order) ? told(order) : Answer{.verdict = Answer::Verdict::NoCharge};
  }
  billing::PaymentEvent event(const std::string& order, billing::PaymentEventType type,
                              billing::Amount amount) const {
    return {.type = type,
            .id = "evt-" + order + "-" + std::string(word(type)),
            .order = order,
            .provider_ref = "ref-" + order,
            .amount = std::move(amount),
            .at = 1};
  }

  Answer::Verdict verdict = Answer::Verdict::Told;
  Answer::Verdict refund_verdict = Answer::Verdict::Told;
  Answer::Verdict lookup_verdict = Answer::Verdict::Told;
  std::string throws_at;  ///< looking up this order does
  bool checkout = false;
  bool takes_silently = false;
  std::int64_t short_by = 0;  ///< it takes that much less than it is asked to
  int charges = 0, refunds = 0, lookups = 0;
  std::map<std::string, billing::Amount> taken;
  std::vector<std::string> refunded;
  std::vector<billing::PaymentEvent> events;

 private:
  Answer told(const std::string& order) const {
    return {.events = {event(order, billing::PaymentEventType::Paid, taken.at(order))}};
  }
  const std::string name_ = "sandbox";
};

struct Shop : Site {
  explicit Shop(db::Dialect dialect)
      : Site(dialect),
        creator(viewer("creator@example.org", users::Role::Creator)),
        buyer(viewer("buyer@example.org", users::Role::Viewer)) {
    video = forSale(999);
  }
  catalog::VideoId forSale(std::int64_t price) {
    catalog::VideoDraft draft;
    draft.title = "film";
    draft.is_paid = true;
    draft.price_minor = price;
    const auto id = database->transact([&](db::Session& session) {
      return catalog::insertVideo(session, creator.user_id, draft, clock.now());
    });
    const std::string text = std::to_string(id);
    run("INSERT INTO sources (video_id, storage_key, size_bytes, sha256, created_at) VALUES (" +
        text + ", 'k" + text + "', 1, 'x', 1)");
    run("INSERT INTO encodings (video_id, source_id, state, settings_hash, plan, created_at) "
        "SELECT " +
        text + ", MAX(id), 'ready', 'x', '{}', 1 FROM sources");
    run("UPDATE videos SET state = 'READY', current_encoding = (SELECT MAX(id) FROM encodings) "
        "WHERE id = " +
        text);
    return id;
  }
  billing::Order buy(const std::string& key = "") { return purchases.buy(buyer, video, key); }
  billing::Order order(billing::OrderId id) {
    return database->read([&](db::Session& session) { return billing::findOrder(session, id); })
        .value();
  }
  billing::Outcome take(const billing::PaymentEvent& event) {
    return database->transact([&](db::Session& session) {
      return settlement.take(session, "sandbox", event, clock.now());
    });
  }
  billing::PaymentEvent event(const billing::Order& of, billing::PaymentEventType type) const {
    return payments.event(of.reference, type, {of.price_minor, of.currency});
  }
  bool isEntitled() {
    return database->read([&](db::Session& session) {
      const auto found = catalog::findVideo(session, video);
      return purchased.ask(session, buyer.user_id, found.value())().has_value();
    });
  }
  std::int64_t sum(const std::string& kind) {
    return count(
        "SELECT CAST(COALESCE(SUM(p.amount_minor), 0) AS BIGINT) FROM ledger_postings p JOIN "
        "ledger_accounts a ON a.id = p.account_id WHERE a.kind = '" +
        kind + "'");
  }

  users::Viewer creator;
  users::Viewer buyer;
  catalog::VideoId video = 0;
  FakePayments payments;
  billing::PaymentProviders providers{{{"sandbox", &payments}}, "sandbox"};
  billing::Settlement settlement{std::chrono::hours(4), sandbox.log};
  billing::Purchases purchases{
      *database, clock, providers, settlement, {"EUR", 8000, "https://site.example", "node"}};
  billing::Refunds refunds{*database, clock, sandbox.log, providers, settlement};
  billing::PaymentHooks hooks{*database, clock, providers, settlement};
  billing::Reconciliation reconciliation{{.database = *database,
                                          .clock = clock,
                                          .log = sandbox.log,
                                          .providers = providers,
                                          .settlement = settlement,
                                          .refunds = refunds,
                                          .node = "node"}};
  billing::PurchasedVideos purchased;
};

}  // namespace reeld::test
