// Webhooks on their way: kept in a table until the site has answered 2xx, tried again with growing
// pauses, given up after a day.
#pragma once
#include "charges.h"
#include "settings.h"

#include <atomic>
#include <string>

namespace payment_sandbox {

/// The event of a payment as it is told everywhere: "evt_<ref>_paid".
std::string eventId(const Payment& payment, std::string_view type);
std::string eventBody(const Payment& payment, std::string_view type, std::int64_t time_ms);

class Deliveries {
 public:
  explicit Deliveries(const reeld::sdk::Sql& sql) : sql_(sql) {}

  /// All that the settings say of this payment.
  void add(const Payment& payment, const Settings& settings, std::int64_t now_ms);
  /// Sends what is due, one after the other.
  void run(const Settings& settings, const std::string& secret, std::int64_t now_ms);

 private:
  reeld::sdk::Sql sql_;
  std::atomic<bool> may_wait_{true};  ///< false: the table is known to be empty
};

}  // namespace payment_sandbox
