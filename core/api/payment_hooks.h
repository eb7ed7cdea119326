// POST /hooks/payment/<instance>: what a payment provider tells by itself. Nobody signs in there;
// the provider's signature over the raw body is the credential.
#pragma once
#include "billing/payment_hooks.h"
#include "http/route.h"

namespace reeld::api {

http::Route paymentHookRoute(billing::PaymentHooks& hooks);

}  // namespace reeld::api
