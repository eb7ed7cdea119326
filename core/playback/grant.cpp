#include "playback/grant.h"

#include "base/error.h"

#include <algorithm>

namespace reeld::playback {

namespace {
constexpr std::uint8_t GrantVersion = 1;
constexpr std::size_t SignedSize = 50;
constexpr std::size_t MacSize = 16;
constexpr std::size_t WholeSize = SignedSize + MacSize;
static_assert(WholeSize % 3 == 0 && WholeSize / 3 * 4 == GrantSigner::TextSize);

using Bytes = std::array<std::uint8_t, WholeSize>;

/// Big endian, so that the layout is the same on every machine of a cluster.
void put(Bytes& bytes, std::size_t at, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  }
}

std::uint64_t take(const Bytes& bytes, std::size_t at) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value = value << 8 | bytes[at + i];
  }
  return value;
}

std::string_view view(const Bytes& bytes, std::size_t at, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()) + at, size};
}

std::string_view view(const Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), MacSize};
}
}  // namespace

std::string_view reasonOf(GrantVerdict verdict) noexcept {
  switch (verdict) {
    case GrantVerdict::Ok:
      return "ok";
    case GrantVerdict::Malformed:
      return "grant-malformed";
    case GrantVerdict::Forged:
      return "grant-forged";
    case GrantVerdict::Expired:
      return "grant-expired";
    case GrantVerdict::Revoked:
      return "grant-revoked";
    case GrantVerdict::Foreign:
      return "grant-foreign";
  }
  return "grant-malformed";
}

std::uint64_t sessionFingerprint(std::string_view session_id) {
  if (session_id.empty()) {
    return 0;
  }
  const Digest digest = sha256(session_id);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = value << 8 | digest[i];
  }
  return value == 0 ? 1 : value;
}

EpochMs grantExpiry(EpochMs now, std::int64_t duration_ms, std::optional<EpochMs> entitlement_end) {
  constexpr std::int64_t Hour = 3'600'000;
  const EpochMs natural = now + std::max(duration_ms * 2 + Hour, 4 * Hour);
  return entitlement_end ? std::min(natural, *entitlement_end) : natural;
}

GrantSigner::Key GrantSigner::derive(std::string_view secret) {
  if (secret.size() < 32) {
    throw Error(ErrorCode::Invalid, "the secret that signs grants has less than 32 bytes");
  }
  const Digest key = HmacKey(secret).mac("reeld grant 1");
  const Digest name =
      sha256(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()));
  return {name[0], HmacKey({reinterpret_cast<const char*>(key.data()), key.size()})};
}

GrantSigner::GrantSigner(std::string_view current, std::string_view previous) {
  keys_[0] = derive(current);
  if (!previous.empty()) {
    keys_[1] = derive(previous);
  }
}

std::string GrantSigner::sign(const Grant& grant) const {
  Bytes bytes{};
  bytes[0] = GrantVersion;
  bytes[1] = keys_[0]->id;
  put(bytes, 2, static_cast<std::uint64_t>(grant.encoding_id));
  put(bytes, 10, static_cast<std::uint64_t>(grant.video_id));
  put(bytes, 18, static_cast<std::uint64_t>(grant.user_id));
  put(bytes, 26, grant.session);
  put(bytes, 34, static_cast<std::uint64_t>(grant.issued));
  put(bytes, 42, static_cast<std::uint64_t>(grant.expires));
  const Digest mac = keys_[0]->hmac.mac(view(bytes, 0, SignedSize));
  std::copy_n(mac.begin(), MacSize, bytes.begin() + SignedSize);
  return toBase64Url(view(bytes, 0, WholeSize));
}

GrantVerdict GrantSigner::check(std::string_view text, std::int64_t encoding_id, EpochMs now,
                                Grant& grant) const noexcept {
  Bytes bytes;
  if (text.size() != TextSize ||
      fromBase64Url(text, bytes) != static_cast<std::ptrdiff_t>(WholeSize) ||
      bytes[0] != GrantVersion) {
    return GrantVerdict::Malformed;
  }
  const bool genuine = std::any_of(keys_.begin(), keys_.end(), [&](const std::optional<Key>& key) {
    return key && key->id == bytes[1] &&
           equalInConstantTime(view(key->hmac.mac(view(bytes, 0, SignedSize))),
                               view(bytes, SignedSize, MacSize));
  });
  if (!genuine) {
    return GrantVerdict::Forged;
  }
  grant.encoding_id = static_cast<std::int64_t>(take(bytes, 2));
  grant.video_id = static_cast<std::int64_t>(take(bytes, 10));
  grant.user_id = static_cast<std::int64_t>(take(bytes, 18));
  grant.session = take(bytes, 26);
  grant.issued = static_cast<EpochMs>(take(bytes, 34));
  grant.expires = static_cast<EpochMs>(take(bytes, 42));
  if (grant.encoding_id != encoding_id) {
    return GrantVerdict::Foreign;
  }
  return now < grant.expires ? GrantVerdict::Ok : GrantVerdict::Expired;
}

}  // namespace reeld::playback
