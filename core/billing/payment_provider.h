// The port to whoever moves money: filled by a payment plugin (plugin/adapters/payment.h).
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reeld::billing {

struct Amount {
  std::int64_t minor = 0;
  std::string currency;  ///< "EUR"
  bool operator==(const Amount&) const = default;
};

struct Charge {
  std::string order;     ///< its reference
  std::string key;       ///< the same at every try
  std::string customer;  ///< "user:17"
  std::string description;
  std::string return_url;
  Amount amount;
};

enum class PaymentEventType { Unknown, Paid, Failed, Refunded, Disputed };
std::string_view word(PaymentEventType type) noexcept;

struct PaymentEvent {
  PaymentEventType type = PaymentEventType::Unknown;
  std::string id;
  std::string order;  ///< its reference
  std::string provider_ref;
  Amount amount;
  EpochMs at = 0;
};

struct Checkout {
  std::string provider_ref;
  std::string url;
};

/// What a provider said of an order.
struct PaymentAnswer {
  enum class Verdict {
    Told,      ///< what there is to tell is below; nothing = it will be told
    Declined,  ///< no money will move
    NoCharge,  ///< lookup: there was never one
    Unknown,   ///< nobody knows: ask again
  };
  Verdict verdict = Verdict::Told;
  std::string reason = {};  ///< Declined, Unknown: a sentence
  std::vector<PaymentEvent> events = {};
  std::optional<Checkout> checkout = {};
};

using HeaderList = std::vector<std::pair<std::string_view, std::string_view>>;

class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  virtual const std::string& name() const = 0;  ///< the instance's name
  /// None of these is called inside a transaction.
  virtual PaymentAnswer charge(const Charge& charge) = 0;
  /// Declined is final, Unknown is tried again.
  virtual PaymentAnswer refund(const std::string& provider_ref, const std::string& key,
                               const Amount& amount) = 0;
  /// Throws Error: DENIED for what is not the provider's.
  virtual std::vector<PaymentEvent> webhook(const HeaderList& headers, std::string_view body) = 0;
  virtual bool canLookup() const = 0;
  /// It is slow, and so many are charged that one more would be sent away.
  virtual bool isCrowded() const { return false; }
  virtual PaymentAnswer lookup(const std::string& order, const std::string& provider_ref) = 0;
};

/// All that run, by instance, and the one that new orders go to ("" = nothing is sold here).
struct PaymentProviders {
  std::map<std::string, PaymentProvider*> by_name;
  std::string chosen;

  PaymentProvider* find(const std::string& name) const {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
  }
};

}  // namespace reeld::billing
