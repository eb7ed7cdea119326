// Verdicts come from statuses: what a provider refuses is declined, everything that may have moved
// money all the same is unknown. Events that break the rules of payment.h are dropped and the call
// counts as a fault.
#include "plugin/adapters/payment.h"

#include "billing/order.h"
#include "plugin/adapters/charge_line.h"
#include "plugin/call.h"

#include <reeld/kind/payment.h>

#include <cstring>

namespace reeld::plugin::adapters {
namespace {

using billing::PaymentAnswer;
using billing::PaymentEvent;
using billing::PaymentEventType;
using Verdict = PaymentAnswer::Verdict;

constexpr std::chrono::milliseconds Deadline{billing::ProviderCallMs};
constexpr std::chrono::milliseconds HookDeadline{2000};
constexpr std::size_t LongestName = 200;
constexpr std::size_t LongestUrl = 2000;
constexpr std::size_t MostEvents = 1000;

reeld_money moneyOf(const billing::Amount& amount) {
  reeld_money money{};
  money.minor_units = amount.minor;
  std::strncpy(money.currency, amount.currency.c_str(), sizeof money.currency - 1);
  return money;
}

PaymentEventType typeOf(std::uint32_t type) {
  switch (type) {
    case REELD_PAID:
      return PaymentEventType::Paid;
    case REELD_PAY_FAILED:
      return PaymentEventType::Failed;
    case REELD_REFUNDED:
      return PaymentEventType::Refunded;
    case REELD_DISPUTED:
      return PaymentEventType::Disputed;
    default:
      return PaymentEventType::Unknown;
  }
}

bool isName(std::string_view text) {
  return !text.empty() && text.size() <= LongestName && text.find('\0') == std::string_view::npos;
}

/// What a call tells, copied as it comes.
struct PaymentTold {
  PaymentAnswer answer;
  bool is_odd = false;

  const reeld_payment_sink sink{this, &keepCheckout, &keepEvent};

  static void keepCheckout(void* ctx, reeld_str ref, reeld_str url) {
    auto& told = *static_cast<PaymentTold*>(ctx);
    const std::string_view address = view(url);
    if (!isName(view(ref)) || address.size() > LongestUrl ||
        !(address.starts_with("https://") || address.starts_with("http://"))) {
      told.is_odd = true;
      return;
    }
    told.answer.checkout = billing::Checkout{std::string(view(ref)), std::string(address)};
  }
  static void keepEvent(void* ctx, const reeld_payment_event* raw) {
    auto& told = *static_cast<PaymentTold*>(ctx);
    if (raw == nullptr || raw->struct_size < sizeof(reeld_payment_event) ||
        !isName(view(raw->event_id)) || view(raw->order_id).size() > LongestName ||
        !isName(view(raw->provider_ref)) || told.answer.events.size() >= MostEvents) {
      told.is_odd = true;
      return;
    }
    const char* const currency = raw->amount.currency;
    told.answer.events.push_back(
        {.type = typeOf(raw->type),
         .id = std::string(view(raw->event_id)),
         .order = std::string(view(raw->order_id)),
         .provider_ref = std::string(view(raw->provider_ref)),
         .amount = {raw->amount.minor_units,
                    std::string(currency, strnlen(currency, sizeof raw->amount.currency))},
         .at = raw->time_ms});
  }
};

Verdict paymentVerdict(ErrorCode code) {
  switch (code) {
    case ErrorCode::Ok:
      return Verdict::Told;
    case ErrorCode::Invalid:
    case ErrorCode::Denied:
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
    case ErrorCode::Unsupported:
      return Verdict::Declined;
    default:
      return Verdict::Unknown;
  }
}

/// Takes the status of a call and what it told.
PaymentAnswer concluded(Call& call, reeld_status status, PaymentTold& told) {
  PaymentAnswer answer = std::move(told.answer);
  answer.verdict = paymentVerdict(call.answered(told.is_odd ? REELD_INTERNAL : status));
  if (told.is_odd) {
    answer.reason = "it told of an event or a checkout that breaks the rules";
  } else if (answer.verdict != Verdict::Told) {
    answer.reason = call.failure().what();
  }
  if (answer.verdict != Verdict::Told) {
    answer.checkout.reset();
  }
  return answer;
}

class PaymentAdapter final : public billing::PaymentProvider {
 public:
  PaymentAdapter(Instance& instance, int places) : instance_(instance), charges_(places, Deadline) {
    if (const auto* table = static_cast<const reeld_payment*>(instance.table(REELD_PAYMENT))) {
      can_lookup_ = REELD_HAS(table, lookup);
    }
  }

  const std::string& name() const override { return instance_.name(); }
  bool canLookup() const override { return can_lookup_; }
  bool isCrowded() const override { return charges_.isFull(); }

  PaymentAnswer charge(const billing::Charge& charge) override {
    const ChargeLine::Turn turn(charges_);
    if (!turn.came()) {
      return {.verdict = Verdict::Unknown, .reason = "too many are paying at once"};
    }
    return asked(Deadline, [&](Call& call, const reeld_payment& table, PaymentTold& told) {
      reeld_charge raw{};
      raw.struct_size = sizeof raw;
      raw.order_id = abi(charge.order);
      raw.idempotency_key = abi(charge.key);
      raw.customer = abi(charge.customer);
      raw.description = abi(charge.description);
      raw.return_url = abi(charge.return_url);
      raw.amount = moneyOf(charge.amount);
      return table.charge(call.self(), call.context(), &raw, &told.sink, call.error());
    });
  }

  PaymentAnswer refund(const std::string& provider_ref, const std::string& key,
                       const billing::Amount& amount) override {
    return asked(Deadline, [&](Call& call, const reeld_payment& table, PaymentTold&) {
      return table.refund(call.self(), call.context(), abi(provider_ref), abi(key), moneyOf(amount),
                          call.error());
    });
  }

  PaymentAnswer lookup(const std::string& order, const std::string& provider_ref) override {
    auto answer = asked(Deadline, [&](Call& call, const reeld_payment& table, PaymentTold& told) {
      return table.lookup(call.self(), call.context(), abi(order), abi(provider_ref), &told.sink,
                          call.error());
    });
    if (answer.verdict == Verdict::Declined) {
      answer.verdict = Verdict::NoCharge;
    }
    return answer;
  }

  std::vector<PaymentEvent> webhook(const billing::HeaderList& headers,
                                    std::string_view body) override {
    std::vector<reeld_pair> pairs;
    for (const auto& [name, value] : headers) {
      pairs.push_back({abi(name), abi(value)});
    }
    Call call(instance_, HookDeadline);
    const auto& table = call.table<reeld_payment>(REELD_PAYMENT);
    PaymentTold told;
    const reeld_status status =
        table.webhook(call.self(), call.context(), {pairs.data(), pairs.size()}, abiBytes(body),
                      &told.sink, call.error());
    const ErrorCode code = call.answered(told.is_odd ? REELD_INTERNAL : status);
    if (code == ErrorCode::Denied || code == ErrorCode::Unauthenticated) {
      throw Error(ErrorCode::Unauthenticated, "this is not signed by the payment provider")
          .reason("webhook-unverified");
    }
    if (code != ErrorCode::Ok) {
      throw call.failure();
    }
    return std::move(told.answer.events);
  }

 private:
  template <class Ask>
  PaymentAnswer asked(std::chrono::milliseconds deadline, Ask&& ask) {
    PaymentTold told;
    try {
      Call call(instance_, deadline);
      const auto& table = call.table<reeld_payment>(REELD_PAYMENT);
      return concluded(call, ask(call, table, told), told);
    } catch (const Error& error) {
      // It was not asked: too many calls, or its circuit is broken.
      return {.verdict = Verdict::Unknown, .reason = error.what()};
    }
  }

  Instance& instance_;
  ChargeLine charges_;
  bool can_lookup_ = false;
};

}  // namespace

std::unique_ptr<billing::PaymentProvider> paymentProvider(Instance& instance, int places) {
  return std::make_unique<PaymentAdapter>(instance, places);
}

}  // namespace reeld::plugin::adapters
