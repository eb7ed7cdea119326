#include "http/cors.h"

#include "base/ascii.h"

#include <algorithm>
#include <array>

namespace reeld::http {

namespace {
constexpr std::array<std::string_view, 8> AllowedHeaders = {
    "accept", "authorization", "content-type",     "idempotency-key",
    "range",  "x-csrftoken",   "x-requested-with", "x-request-id"};
constexpr std::array<std::string_view, 2> AllowedPrefixes = {"tus-", "upload-"};

bool isAllowed(const std::string& lower_name) noexcept {
  return std::find(AllowedHeaders.begin(), AllowedHeaders.end(), lower_name) !=
             AllowedHeaders.end() ||
         std::any_of(AllowedPrefixes.begin(), AllowedPrefixes.end(),
                     [&](std::string_view prefix) { return lower_name.starts_with(prefix); });
}
}  // namespace

void appendCors(std::string& fields, const Live& live, std::string_view origin) {
  if (!live.hasOrigins()) {
    return;
  }
  // Caches must tell origins apart, also when none was sent.
  fields.append("Vary: Origin\r\n");
  if (live.allowsOrigin(origin)) {
    fields.append("Access-Control-Allow-Origin: ").append(origin);
    fields.append(
        "\r\nAccess-Control-Allow-Credentials: true\r\n"
        "Access-Control-Expose-Headers: Location, Upload-Offset, Link, X-Total-Count, Retry-After, "
        "X-Request-Id\r\n");
  }
}

bool isCrossSite(const Live& live, const Exchange& exchange) noexcept {
  if (exchange.header("sec-fetch-site") == "cross-site") {
    return true;
  }
  const std::string_view origin = exchange.header("origin");
  return !origin.empty() && !live.allowsOrigin(origin) &&
         !live.isOwnOrigin(origin, exchange.host());
}

bool isPreflight(const Exchange& exchange) noexcept {
  return exchange.method() == Method::Options && !exchange.header("origin").empty() &&
         !exchange.header("access-control-request-method").empty();
}

std::string allowedRequestHeaders(std::string_view requested) {
  std::string list;
  std::string name;
  for (std::size_t i = 0; i <= requested.size(); ++i) {
    const char c = i < requested.size() ? requested[i] : ',';
    if (c == ',') {
      if (!name.empty() && isAllowed(name)) {
        list.append(list.empty() ? "" : ", ").append(name);
      }
      name.clear();
    } else if (c != ' ' && c != '\t') {
      name += lowered(c);
    }
  }
  return list;
}

Response preflight(const Live& live, const Exchange& exchange, std::string allow) {
  Response response = Response::none(204);
  if (live.allowsOrigin(exchange.header("origin"))) {
    response.header("Access-Control-Allow-Methods", allow);
    const std::string headers =
        allowedRequestHeaders(exchange.header("access-control-request-headers"));
    if (!headers.empty()) {
      response.header("Access-Control-Allow-Headers", headers);
    }
    response.header("Access-Control-Max-Age", "86400");
  }
  response.header("Allow", std::move(allow));
  return response;
}

}  // namespace reeld::http
