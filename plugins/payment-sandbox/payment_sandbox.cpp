// A payment provider that moves no money: it settles at once, or behaves as badly as real ones do,
// as its configuration says. What it was asked for is kept in its own tables, as theirs is.
#include "charges.h"
#include "deliveries.h"
#include "settings.h"
#include "signature.h"

#include <rapidjson/document.h>
#include <reeld/plugin.hpp>

#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

using namespace reeld::sdk;

namespace payment_sandbox {
namespace {

std::int64_t clockMs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}
std::int64_t wallMs() { return clockMs(CLOCK_REALTIME); }

struct EventType {
  std::string_view word;
  std::uint32_t type;
};
constexpr std::array EventTypes = {
    EventType{"payment.paid", REELD_PAID}, EventType{"payment.failed", REELD_PAY_FAILED},
    EventType{"payment.refunded", REELD_REFUNDED}, EventType{"payment.disputed", REELD_DISPUTED}};

reeld_money moneyOf(std::int64_t minor, const std::string& currency) {
  reeld_money money{};
  money.minor_units = minor;
  std::copy_n(currency.begin(), std::min<std::size_t>(currency.size(), 3), money.currency);
  return money;
}

/// A text of a body that is signed.
std::string textIn(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) {
    throw Failure(REELD_INVALID, "the body lacks " + std::string(name));
  }
  return {found->value.GetString(), found->value.GetStringLength()};
}
std::int64_t numberIn(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsInt64()) {
    throw Failure(REELD_INVALID, "the body lacks " + std::string(name));
  }
  return found->value.GetInt64();
}

class PaymentSandbox {
 public:
  static constexpr auto id = "org.reeld.payment-sandbox";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Payments for trying out";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "outcome": {"type": "string", "enum": ["pay", "decline", "checkout"], "default": "pay",
                  "description": "pay at once, decline, or send the buyer to a checkout"},
      "declined_minor": {"type": "array", "default": [], "maxItems": 100,
                         "items": {"type": "integer", "minimum": 1},
                         "description": "amounts that are declined in any case"},
      "delay_ms": {"type": "integer", "minimum": 0, "maximum": 600000, "default": 0,
                   "description": "between a charge and its answer"},
      "down": {"type": "boolean", "default": false, "description": "nothing is answered"},
      "pay_after_ms": {"type": "integer", "minimum": 0, "maximum": 86400000, "default": 0,
                       "description": "a checkout is paid then"},
      "webhook_url": {"type": "string", "default": "", "maxLength": 1000,
                      "description": "where events go, http://HOST:PORT/hooks/payment/INSTANCE"},
      "webhook_secret": {"type": "string", "default": "", "maxLength": 200,
                         "description": "signs webhooks; empty = made of the site's secret"},
      "webhook_events": {"type": "array", "default": ["paid"], "maxItems": 10,
                         "items": {"type": "string",
                                   "enum": ["paid", "failed", "refunded", "disputed"]},
                         "description": "of each charge, sent in this order"},
      "webhook_copies": {"type": "integer", "minimum": 1, "maximum": 10, "default": 1,
                         "description": "how often each is sent"},
      "webhook_delay_ms": {"type": "integer", "minimum": 0, "maximum": 86400000, "default": 0,
                           "description": "between a charge and its first webhook"}
    }
  })";

  PaymentSandbox(Host host, std::string_view config)
      : host_(host), charges_(host.sql()), deliveries_(host.sql()), key_(host.key("webhook")) {
    reconfigure(config);
    charges_.bringUp();
    host_.info("payments go to the sandbox: nobody is charged");
    sending_ = host_.every(SendEveryMs, [this] {
      const auto now = settings();
      deliveries_.run(*now, secretOf(*now), wallMs());
    });
  }

  void reconfigure(std::string_view config) {
    auto next = std::make_shared<const Settings>(Settings::parse(config));
    const std::lock_guard lock(mutex_);
    settings_ = std::move(next);
  }

  void charge(Call call, const Charge& charge, PaymentSink sink) {
    const auto now = settings();
    demandUp(*now);
    const reeld_money amount = charge.amount();
    const std::int64_t at = wallMs();
    const bool goes_to_checkout = now->outcome == Settings::Outcome::Checkout;
    const Payment payment =
        charges_.begin({.key = std::string(charge.key()),
                        .order = std::string(charge.orderId()),
                        .ref = "sb_" + std::string(charge.orderId()),
                        .minor = amount.minor_units,
                        .currency = amount.currency,
                        .state = now->declines(amount.minor_units) ? "declined"
                                 : goes_to_checkout                ? "open"
                                                                   : "paid",
                        .at_ms = at,
                        .pays_at_ms = goes_to_checkout ? at + now->pay_after_ms : 0});
    if (payment.state != "declined") {
      deliveries_.add(payment, *now, at);
    }
    think(call, now->delay_ms);
    answer(payment, sink);
  }

  void refund(Call call, const Refund& refund) {
    const auto now = settings();
    demandUp(*now);
    charges_.refund(refund.provider_ref, refund.amount.minor_units, refund.amount.currency);
    think(call, now->delay_ms);
  }

  void webhook(Call, Headers headers, std::string_view body, PaymentSink sink) {
    const auto now = settings();
    if (!verifies(secretOf(*now), headers.find(SignatureHeader), body, wallMs() / 1000)) {
      throw Failure(REELD_DENIED, "the signature is not good");
    }
    rapidjson::Document json;
    json.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
    if (!json.IsObject()) {
      throw Failure(REELD_INVALID, "the body is no JSON object");
    }
    const std::string type = textIn(json, "type");
    const auto known = std::find_if(EventTypes.begin(), EventTypes.end(),
                                    [&](const EventType& one) { return one.word == type; });
    if (known == EventTypes.end()) {
      return;
    }
    const std::string event = textIn(json, "id");
    const std::string order = textIn(json, "order_id");
    const std::string ref = textIn(json, "ref");
    sink.event({.type = known->type,
                .event_id = event,
                .order_id = order,
                .provider_ref = ref,
                .amount = moneyOf(numberIn(json, "amount_minor"), textIn(json, "currency")),
                .time_ms = numberIn(json, "time_ms")});
  }

  void lookup(Call, std::string_view order_id, std::string_view, PaymentSink sink) {
    demandUp(*settings());
    const auto payment = charges_.find(order_id);
    if (!payment) {
      throw Failure(REELD_NOT_FOUND, "there is no charge of this order");
    }
    if (payment->state == "declined") {
      tell(*payment, "failed", REELD_PAY_FAILED, sink);
      return;
    }
    if (payment->state != "open" || payment->pays_at_ms <= wallMs()) {
      tell(*payment, "paid", REELD_PAID, sink);
    }
    if (payment->state == "refunded") {
      tell(*payment, "refunded", REELD_REFUNDED, sink);
    }
  }

 private:
  static constexpr std::int64_t SendEveryMs = 100;

  std::shared_ptr<const Settings> settings() {
    const std::lock_guard lock(mutex_);
    return settings_;
  }
  std::string secretOf(const Settings& settings) const {
    return settings.webhook_secret.empty() ? key_ : settings.webhook_secret;
  }
  static void demandUp(const Settings& settings) {
    if (settings.is_down) {
      throw Failure(REELD_UNAVAILABLE, "the sandbox is down, as configured");
    }
  }
  /// As long as asked for, but no longer than the caller waits.
  static void think(const Call& call, std::int64_t time_ms) {
    const std::int64_t until = clockMs(CLOCK_MONOTONIC) + time_ms;
    constexpr std::int64_t StepMs = 20;
    for (;;) {
      const std::int64_t now = clockMs(CLOCK_MONOTONIC);
      if (now >= until) {
        return;
      }
      if (call.cancelled() || (call.deadlineMs() != 0 && now + StepMs >= call.deadlineMs())) {
        throw Failure(REELD_TIMEOUT, "the sandbox thinks for longer than anybody waits");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(std::min(StepMs, until - now)));
    }
  }

  static void tell(const Payment& payment, std::string_view word, std::uint32_t type,
                   PaymentSink sink) {
    sink.event({.type = type,
                .event_id = eventId(payment, word),
                .order_id = payment.order,
                .provider_ref = payment.ref,
                .amount = moneyOf(payment.minor, payment.currency),
                .time_ms = std::max(payment.at_ms, payment.pays_at_ms)});
  }
  static void answer(const Payment& payment, PaymentSink sink) {
    if (payment.state == "declined") {
      throw Failure(REELD_DENIED, "declined, as configured");
    }
    if (payment.state == "open") {
      sink.checkout(payment.ref, "https://sandbox.invalid/checkout/" + payment.ref);
    } else {
      tell(payment, "paid", REELD_PAID, sink);
    }
  }

  const Host host_;
  const Charges charges_;
  Deliveries deliveries_;
  const std::string key_;
  std::mutex mutex_;
  std::shared_ptr<const Settings> settings_;
  Task sending_;
};

}  // namespace
}  // namespace payment_sandbox

using payment_sandbox::PaymentSandbox;
REELD_PLUGIN(PaymentSandbox)
