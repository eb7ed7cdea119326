#include "users/stand_in.h"

#include "users/credential_repository.h"
#include "users/email.h"

#include <bit>
#include <cstring>

namespace reeld::users {

std::int64_t placeAmong(std::int64_t count, std::uint64_t point) noexcept {
  const auto places = static_cast<std::uint64_t>(count);
  const std::uint64_t whole = std::bit_ceil(places);
  const std::uint64_t place = point & (whole - 1);
  return static_cast<std::int64_t>(place < places ? place : place & (whole / 2 - 1));
}

StandIn::StandIn(db::Database& database, std::string_view secret)
    : database_(database), key_(HmacKey(secret).derived("reeld stand-in 1")) {}

void StandIn::prepare(IdentityProvider& provider) {
  last_ = database_.readOne(lastCredential);
  const bool is_there =
      prepared_.with([&](auto& prepared) { return prepared.contains(provider.name()); });
  if (!is_there) {
    auto record = provider.enroll(randomToken(24));
    prepared_.with([&](auto& prepared) { prepared.emplace(provider.name(), std::move(record)); });
  }
}

std::string StandIn::recordFor(const IdentityProvider& provider, std::string_view email) {
  const Digest digest = key_.mac(emailKey(email));
  std::uint64_t point = 0;
  std::memcpy(&point, digest.data(), sizeof point);
  std::optional<std::string> record;
  if (const std::int64_t last = last_; last > 0) {
    record = database_.readOne([&](db::Session& session) {
      return credentialBehind(session, provider.name(), placeAmong(last, point));
    });
  }
  return record ? *std::move(record)
                : prepared_.with([&](auto& prepared) { return prepared.at(provider.name()); });
}

}  // namespace reeld::users
