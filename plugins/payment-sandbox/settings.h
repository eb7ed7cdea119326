// The configuration: how this provider behaves.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace payment_sandbox {

struct Settings {
  enum class Outcome { Pay, Decline, Checkout };
  Outcome outcome = Outcome::Pay;
  std::vector<std::int64_t> declined_minor;  ///< amounts that are declined whatever `outcome` says
  std::int64_t delay_ms = 0;                 ///< between the charge and its answer
  bool is_down = false;
  std::int64_t pay_after_ms = 0;  ///< a checkout is paid then
  std::string webhook_url;
  std::string webhook_secret;  ///< "" = made of the site's
  std::vector<std::string> webhook_events;
  std::int64_t webhook_copies = 1;
  std::int64_t webhook_delay_ms = 0;

  /// Throws Failure INVALID.
  static Settings parse(std::string_view config);
  bool declines(std::int64_t minor) const;
};

}  // namespace payment_sandbox
