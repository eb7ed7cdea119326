#include "record.h"

#include <charconv>

namespace audit_trail {

namespace {

/// What says that a sign-in failed, by the route that was asked; 0 for every other route.
std::int32_t failedSignIn(std::string_view method, std::string_view route) noexcept {
  constexpr std::int32_t V1 = 401;
  constexpr std::int32_t Pages = 400;
  if (method != "POST") {
    return 0;
  }
  return route == "/api/v1/auth/login" ? V1 : route == "/api/login" ? Pages : 0;
}

}  // namespace

void fill(Record& record, const reeld::sdk::CompleteExchange& x) noexcept {
  const reeld_exchange& raw = x.raw();
  record.ended_ms = raw.started_ms + raw.elapsed_us / 1000;
  record.duration_us = raw.elapsed_us;
  record.user_id = 0;
  const std::string_view user = x.userId();
  std::from_chars(user.data(), user.data() + user.size(), record.user_id);
  record.status = x.status();
  record.failed_sign_in = failedSignIn(x.method(), x.route());
  record.is_unmatched = x.group() == "unmatched";
  record.method.set(x.method());
  record.path.set(x.path());
  record.peer.set(x.peer());
  record.request_id.set(x.requestId());
}

bool isFailedSignIn(const Record& record) noexcept {
  return record.failed_sign_in != 0 &&
         (record.status == record.failed_sign_in || record.status == 403);
}

}  // namespace audit_trail
