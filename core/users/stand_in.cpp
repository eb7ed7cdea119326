#include "users/stand_in.h"

#include "users/credential_repository.h"
#include "users/email.h"

namespace reeld::users {

namespace {

/// A key for this purpose alone.
HmacKey derivedKey(std::string_view secret) {
  const Digest digest = HmacKey(secret).mac("reeld stand-in 1");
  return HmacKey({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

StandIn::StandIn(db::Database& database, std::string_view secret)
    : database_(database), key_(derivedKey(secret)) {}

void StandIn::prepare(IdentityProvider& provider) {
  const bool is_there =
      prepared_.with([&](auto& prepared) { return prepared.contains(provider.name()); });
  if (!is_there) {
    auto record = provider.enroll(randomToken(24));
    prepared_.with([&](auto& prepared) { prepared.emplace(provider.name(), std::move(record)); });
  }
}

std::string StandIn::recordFor(const IdentityProvider& provider, std::string_view email) {
  const Digest digest = key_.mac(emailKey(email));
  const std::int64_t point = digest[0] | digest[1] << 8 | (digest[2] & 0x0f) << 16;
  static_assert(CredentialPoints == 1 << 20);
  auto record = database_.readOne(
      [&](db::Session& session) { return someCredential(session, provider.name(), point); });
  return record ? *std::move(record)
                : prepared_.with([&](auto& prepared) { return prepared.at(provider.name()); });
}

}  // namespace reeld::users
