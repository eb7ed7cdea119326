#include "api/idempotency_key.h"

#include "base/crypto.h"
#include "base/error.h"

#include <algorithm>

namespace reeld::api {

std::string idempotencyKey(const http::Exchange& exchange) {
  constexpr std::string_view Name = "idempotency-key";
  for (const auto& [name, value] : exchange.allHeaders()) {
    if (name.size() != Name.size() ||
        !std::equal(name.begin(), name.end(), Name.begin(), [](char a, char b) {
          return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
        })) {
      continue;
    }
    const bool is_good =
        !value.empty() && value.size() <= billing::Idempotency::LongestKey &&
        std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!is_good) {
      throw Error(ErrorCode::Invalid,
                  "Idempotency-Key must be 1 to 255 characters of visible ASCII")
          .reason("idempotency-key");
    }
    return std::string(value);
  }
  return "";
}

std::string operationOf(const http::Exchange& exchange) {
  std::string path(exchange.path());
  while (path.size() > 1 && path.back() == '/') {
    path.pop_back();
  }
  return "POST " + path + " sha256:" + toHex(sha256(exchange.body()));
}

http::Response answered(billing::Answer answer) {
  return http::Response::json(std::move(answer.body), answer.status);
}

}  // namespace reeld::api
