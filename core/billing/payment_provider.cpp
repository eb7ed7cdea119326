#include "billing/payment_provider.h"

namespace reeld::billing {

std::string_view word(PaymentEventType type) noexcept {
  switch (type) {
    case PaymentEventType::Paid:
      return "paid";
    case PaymentEventType::Failed:
      return "failed";
    case PaymentEventType::Refunded:
      return "refunded";
    case PaymentEventType::Disputed:
      return "disputed";
    case PaymentEventType::Unknown:
      break;
  }
  return "unknown";
}

}  // namespace reeld::billing
