// The grant: the signed right to fetch one encoding's media, carried in the path of every playlist
// and segment URL. Checked per request: CPU only, no allocation, no lock, no database (bench:
// grant_bench). 66 bytes as 88 characters of base64url: version, key id, encoding, video, user,
// session fingerprint, issued, expiry, and the first 128 bits of HMAC-SHA256 over those 50 bytes.
// The video is in it so that a revocation of a video needs no lookup; 50 bytes fit one block of the
// hash.
#pragma once
#include "base/clock.h"
#include "base/crypto.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::playback {

struct Grant {
  std::int64_t encoding_id = 0;
  std::int64_t video_id = 0;
  std::int64_t user_id = 0;
  std::uint64_t session = 0;  ///< sessionFingerprint(); 0 = bound to no session
  EpochMs issued = 0;
  EpochMs expires = 0;
  bool operator==(const Grant&) const = default;
};

enum class GrantVerdict { Ok, Malformed, Forged, Expired, Revoked, Foreign };

/// "grant-expired" and so on; the reason of the problem document.
std::string_view reasonOf(GrantVerdict verdict) noexcept;

/// 64 bits of the session id's hash: enough to name a session among those that were revoked.
std::uint64_t sessionFingerprint(std::string_view session_id);

/// Never later than a grant may live: min(duration x 2 + 1 h but at least 4 h, end of the
/// entitlement).
EpochMs grantExpiry(EpochMs now, std::int64_t duration_ms, std::optional<EpochMs> entitlement_end);

class GrantSigner {
 public:
  static constexpr std::size_t TextSize = 88;

  /// Secrets of at least 32 bytes; the key used here is derived from them. `previous` may be empty;
  /// grants signed with it stay good until they expire, so that a key can be changed under playing
  /// viewers.
  explicit GrantSigner(std::string_view current, std::string_view previous = {});

  std::string sign(const Grant& grant) const;

  /// [hot]. `encoding_id` is the one the URL names. `grant` is filled unless Malformed or Forged.
  /// Revocations are the caller's next question: Revocations::isRevoked().
  GrantVerdict check(std::string_view text, std::int64_t encoding_id, EpochMs now,
                     Grant& grant) const noexcept;

 private:
  struct Key {
    std::uint8_t id;
    HmacKey hmac;
  };
  static Key derive(std::string_view secret);
  std::array<std::optional<Key>, 2> keys_;  ///< [0] signs, both verify
};

}  // namespace reeld::playback
