// The rule against requests that a foreign page makes a browser send (cross-site request forgery):
// what changes something by cookie, or sets one, is refused to pages of other sites.
#pragma once
#include "http/exchange.h"

namespace reeld::api {

/// Throws DENIED (reason cross-site). Requests that only read, and those of no page, pass.
void refuseCrossSite(const http::Exchange& exchange);

}  // namespace reeld::api
