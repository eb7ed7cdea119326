// What this provider knows of its payments, in tables of its own: a charge by its idempotency key,
// so that the second try moves nothing and a site that died can ask.
#pragma once
#include <reeld/cpp/host.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace payment_sandbox {

struct Payment {
  std::string key;
  std::string order;
  std::string ref;
  std::int64_t minor = 0;
  std::string currency;
  std::string state;  ///< paid, declined, open, refunded
  std::int64_t at_ms = 0;
  std::int64_t pays_at_ms = 0;  ///< of an open one; 0 = never
};

class Charges {
 public:
  explicit Charges(const reeld::sdk::Sql& sql) : sql_(sql) {}

  /// Makes the tables; safe with several daemons at once.
  void bringUp() const;
  /// The charge of that key: this one, or the one there was before. Throws Failure CONFLICT if that
  /// is of another order or amount.
  Payment begin(const Payment& wanted) const;
  std::optional<Payment> find(std::string_view order) const;
  /// Throws Failure NOT_FOUND or CONFLICT; nothing happens the second time.
  void refund(std::string_view ref, std::int64_t minor, std::string_view currency) const;

 private:
  reeld::sdk::Sql sql_;
};

}  // namespace payment_sandbox
