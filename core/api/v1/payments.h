// /api/v1/payments: buying a video, one's own orders, and an administrator's refund. The POSTs take
// an Idempotency-Key.
#pragma once
#include "billing/idempotency.h"
#include "billing/orders.h"
#include "billing/purchases.h"
#include "billing/refunds.h"
#include "http/route.h"

namespace reeld::api::v1 {

struct PaymentParts {
  billing::Orders& orders;
  billing::Purchases& purchases;
  billing::Refunds& refunds;
  billing::Idempotency& idempotency;
};

http::Routes paymentRoutes(PaymentParts parts);

}  // namespace reeld::api::v1
