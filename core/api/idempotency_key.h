// The header Idempotency-Key, and the answers that are kept under it.
#pragma once
#include "billing/idempotency.h"
#include "http/exchange.h"

#include <string>

namespace reeld::api {

/// "" if there is none. Throws INVALID (idempotency-key) for one that is empty, too long or not
/// visible ASCII.
std::string idempotencyKey(const http::Exchange& exchange);
/// What a key belongs to: method, path and a hash of the body.
std::string operationOf(const http::Exchange& exchange);
http::Response answered(billing::Answer answer);

}  // namespace reeld::api
