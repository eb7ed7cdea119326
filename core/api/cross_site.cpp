#include "api/cross_site.h"

#include "base/error.h"

namespace reeld::api {

void refuseCrossSite(const http::Exchange& exchange) {
  const http::Method method = exchange.method();
  const bool only_reads = method == http::Method::Get || method == http::Method::Head ||
                          method == http::Method::Options;
  if (!only_reads && exchange.isCrossSite()) {
    throw Error(ErrorCode::Denied, "cookies are not heeded for pages of another site")
        .reason("cross-site");
  }
}

}  // namespace reeld::api
