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

/// FNV-1a. Methods that nobody knows are one kind, and so are paths.
std::uint64_t kindOf(std::string_view method, std::string_view route) noexcept {
  constexpr std::array<std::string_view, 7> Methods = {"GET",   "HEAD",   "POST",   "PUT",
                                                       "PATCH", "DELETE", "OPTIONS"};
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  mix(static_cast<unsigned char>(std::find(Methods.begin(), Methods.end(), method) -
                                 Methods.begin()));
  for (const char c : route) {
    mix(static_cast<unsigned char>(c));
  }
  return hash;
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
  record.is_refused = x.isRefused();
  record.kind = kindOf(x.method(), x.route());
  record.method.set(x.method());
  record.path.set(x.path());
  record.peer.set(x.peer());
  record.request_id.set(x.requestId());
}

bool isFailedSignIn(const Record& record) noexcept {
  return record.failed_sign_in != 0 &&
         (record.status == record.failed_sign_in || record.status == 403 ||
          (record.status == 429 && !record.is_refused));
}

}  // namespace audit_trail
