// A payment plugin behind its C table, with values in and out.
#pragma once
#include "held.h"

#include <reeld/kind/payment.h>

#include <time.h>

#include <cstring>
#include <optional>

namespace reeld::test {

struct HeldEvent {
  std::uint32_t type = 0;
  std::string id, order, ref, currency;
  std::int64_t minor = 0;
  bool operator==(const HeldEvent&) const = default;
};

struct HeldAnswer {
  reeld_status status = REELD_INTERNAL;
  std::string said;
  std::vector<HeldEvent> events;
  std::optional<std::pair<std::string, std::string>> checkout;  ///< reference and address

  const reeld_payment_sink sink{this, &keepCheckout, &keepEvent};
  static void keepCheckout(void* ctx, reeld_str ref, reeld_str url) {
    static_cast<HeldAnswer*>(ctx)->checkout = {std::string(plugin::view(ref)),
                                               std::string(plugin::view(url))};
  }
  static void keepEvent(void* ctx, const reeld_payment_event* raw) {
    static_cast<HeldAnswer*>(ctx)->events.push_back(
        {raw->type, std::string(plugin::view(raw->event_id)),
         std::string(plugin::view(raw->order_id)), std::string(plugin::view(raw->provider_ref)),
         raw->amount.currency, raw->amount.minor_units});
  }
};

class PaymentHeld : public Held {
 public:
  explicit PaymentHeld(const std::string& name, const std::string& config = "{}",
                       const std::filesystem::path& data_dir = {})
      : Held(name, config, data_dir) {}

  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const std::string& name : bundledNames()) {
      if (plugin::tableOf(opened(name), REELD_PAYMENT) != nullptr) {
        out.push_back(name);
      }
    }
    REQUIRE_FALSE(out.empty());
    return out;
  }
  static reeld_money money(std::int64_t minor, const char (&currency)[4] = "EUR") {
    reeld_money made{};
    made.minor_units = minor;
    std::memcpy(made.currency, currency, sizeof made.currency);
    return made;
  }

  std::unique_ptr<HeldAnswer> charge(const std::string& order, std::int64_t minor,
                                     const std::string& key = "", std::int64_t patience_ms = 5000) {
    const std::string its_key = key.empty() ? order + "-charge" : key;
    reeld_charge wanted{};
    wanted.struct_size = sizeof wanted;
    wanted.order_id = plugin::abi(order);
    wanted.idempotency_key = plugin::abi(its_key);
    wanted.customer = plugin::abi("user:1");
    wanted.description = plugin::abi("a film");
    wanted.amount = money(minor);
    return asked(patience_ms, [&](const reeld_call& call, HeldAnswer& answer, reeld_error& error_) {
      return payment().charge(self, &call, &wanted, &answer.sink, &error_);
    });
  }
  std::unique_ptr<HeldAnswer> refund(const std::string& ref, const std::string& key,
                                     std::int64_t minor) {
    return asked(5000, [&](const reeld_call& call, HeldAnswer&, reeld_error& error_) {
      return payment().refund(self, &call, plugin::abi(ref), plugin::abi(key), money(minor),
                              &error_);
    });
  }
  std::unique_ptr<HeldAnswer> lookup(const std::string& order) {
    return asked(5000, [&](const reeld_call& call, HeldAnswer& answer, reeld_error& error_) {
      return payment().lookup(self, &call, plugin::abi(order), {}, &answer.sink, &error_);
    });
  }
  std::unique_ptr<HeldAnswer> webhook(const std::string& name, const std::string& value,
                                      const std::string& body) {
    const reeld_pair header{plugin::abi(name), plugin::abi(value)};
    return asked(2000, [&](const reeld_call& call, HeldAnswer& answer, reeld_error& error_) {
      return payment().webhook(self, &call, {&header, 1}, plugin::abiBytes(body), &answer.sink,
                               &error_);
    });
  }
  bool canLookup() const { return REELD_HAS(&payment(), lookup); }

 private:
  const reeld_payment& payment() const { return table<reeld_payment>(REELD_PAYMENT); }

  template <class Ask>
  static std::unique_ptr<HeldAnswer> asked(std::int64_t patience_ms, Ask&& ask) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const std::int64_t deadline =
        std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 + patience_ms;
    const reeld_call call{sizeof call, 0, {}, {}, deadline, nullptr};
    auto answer = std::make_unique<HeldAnswer>();
    reeld_error error = plugin::blankError();
    answer->status = ask(call, *answer, error);
    answer->said = error.message;
    return answer;
  }
};

}  // namespace reeld::test
