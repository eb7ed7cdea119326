// What a client reads when an interceptor refuses: the interceptor gives a status and a word, the
// sentence is the server's, in the shape of the surface that was asked.
#pragma once
#include "http/exchange.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::http {

struct InterceptorRefusal {
  int status = 0;
  std::string problem;  ///< "rate-limited"
  std::uint32_t retry_after_ms = 0;

  /// A refusal is a 4xx or 5xx with a word of a-z, 0-9 and -.
  bool isSound() const noexcept;
};

/// An unsound one is a fault of the interceptor, and a 500: it refused, so the request does not
/// pass.
Response answerOf(const InterceptorRefusal& refusal, std::string_view surface,
                  std::string_view request_id);

}  // namespace reeld::http
