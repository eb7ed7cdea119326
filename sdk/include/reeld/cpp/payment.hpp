// reeld.payment/1 for a C++ class that has
//   void charge(Call, const Charge&, PaymentSink)                      throws Failure DENIED
//   void refund(Call, const Refund&)
//   void webhook(Call, Headers, std::string_view raw_body, PaymentSink)
// and, optionally,
//   void lookup(Call, std::string_view order_id, std::string_view provider_ref, PaymentSink)
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/payment.h>

namespace reeld::sdk {

/// Views that are good until charge() returns. The fields are in payment.h.
class Charge {
 public:
  explicit Charge(const reeld_charge* raw) noexcept : raw_(raw) {}
  std::string_view orderId() const noexcept { return view(raw_->order_id); }
  std::string_view key() const noexcept { return view(raw_->idempotency_key); }
  std::string_view customer() const noexcept { return view(raw_->customer); }
  std::string_view description() const noexcept { return view(raw_->description); }
  std::string_view returnUrl() const noexcept { return view(raw_->return_url); }
  reeld_money amount() const noexcept { return raw_->amount; }

 private:
  const reeld_charge* raw_;
};

struct Refund {
  std::string_view provider_ref;
  std::string_view key;
  reeld_money amount;
};

struct PaymentEvent {
  uint32_t type = REELD_PAID;
  std::string_view event_id, order_id, provider_ref;
  reeld_money amount{};
  int64_t time_ms = 0;
};

class PaymentSink {
 public:
  explicit PaymentSink(const reeld_payment_sink* raw) noexcept : raw_(raw) {}
  void checkout(std::string_view provider_ref, std::string_view url) const {
    raw_->checkout(raw_->ctx, abi(provider_ref), abi(url));
  }
  void event(const PaymentEvent& event) const {
    reeld_payment_event out{};
    out.struct_size = sizeof out;
    out.type = event.type;
    out.event_id = abi(event.event_id);
    out.order_id = abi(event.order_id);
    out.provider_ref = abi(event.provider_ref);
    out.amount = event.amount;
    out.time_ms = event.time_ms;
    raw_->event(raw_->ctx, &out);
  }

 private:
  const reeld_payment_sink* raw_;
};

/// Of a webhook, as they came.
class Headers {
 public:
  explicit Headers(reeld_list raw) noexcept : raw_(raw) {}
  /// The first of that name, which is in lower case; empty if there is none.
  std::string_view find(std::string_view lower_name) const noexcept {
    for (size_t i = 0; i < raw_.count; ++i) {
      if (isSame(view(raw_.items[i].key), lower_name))
        return view(raw_.items[i].value);
    }
    return {};
  }

 private:
  static bool isSame(std::string_view name, std::string_view lower) noexcept {
    if (name.size() != lower.size())
      return false;
    for (size_t i = 0; i < name.size(); ++i) {
      const char c = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] + 32) : name[i];
      if (c != lower[i])
        return false;
    }
    return true;
  }
  reeld_list raw_;
};

namespace detail {

template <class P>
constexpr bool offersPayment() {
  return requires { &P::charge; };
}

template <class P>
reeld_status paymentLookup(void* self, const reeld_call* call, reeld_str order_id,
                           reeld_str provider_ref, const reeld_payment_sink* sink,
                           reeld_error* error) noexcept {
  return contain(error, [&]() -> reeld_status {
    static_cast<P*>(self)->lookup(Call(call), view(order_id), view(provider_ref),
                                  PaymentSink(sink));
    return REELD_OK;
  });
}

template <class P>
inline constexpr reeld_payment payment_table = [] {
  reeld_payment table{};
  table.struct_size = sizeof table;
  table.charge = [](void* self, const reeld_call* call, const reeld_charge* charge,
                    const reeld_payment_sink* sink, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->charge(Call(call), Charge(charge), PaymentSink(sink));
      return REELD_OK;
    });
  };
  table.refund = [](void* self, const reeld_call* call, reeld_str provider_ref, reeld_str key,
                    reeld_money amount, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->refund(Call(call), Refund{view(provider_ref), view(key), amount});
      return REELD_OK;
    });
  };
  table.webhook = [](void* self, const reeld_call* call, reeld_list headers, reeld_bytes raw_body,
                     const reeld_payment_sink* sink, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->webhook(Call(call), Headers(headers), view(raw_body),
                                     PaymentSink(sink));
      return REELD_OK;
    });
  };
  if constexpr (requires { &P::lookup; })
    table.lookup = &paymentLookup<P>;
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
