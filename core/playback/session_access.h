// May a signed-in user fetch a video's media by his session alone, without a grant? Decided from
// the database and remembered for seconds, so that event loops answer one segment after the other
// without asking again. What is remembered is void under the same revocations as grants are.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "playback/access.h"
#include "playback/revocations.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace reeld::playback {

class SessionAccess {
 public:
  static constexpr std::int64_t RememberedMs = 10'000;
  /// A decision counts as so much older than it is.
  static constexpr std::int64_t CautionMs = Revocations::CautionMs;

  /// Everything outlives this. `entitlements` in the order they are asked.
  SessionAccess(db::Database& database, const Clock& clock, const Revocations& revocations,
                std::vector<EntitlementSource*> entitlements);

  struct Asked {
    users::UserId user = 0;
    const std::string& session;  ///< its id
    catalog::VideoId video = 0;
  };

  /// [hot], any thread. The encoding that plays, from an earlier decision; nothing = Defer.
  std::optional<std::int64_t> find(const Asked& asked) const;

  /// The encoding that plays. Throws UNAUTHENTICATED (reason session-ended), NOT_FOUND for what is
  /// missing, deleted or not READY, DENIED (reason purchase-required). Worker lane.
  std::int64_t demand(const Asked& asked);

 private:
  struct Key {
    std::int64_t user = 0;
    std::int64_t video = 0;
    std::uint64_t session = 0;  ///< sessionFingerprint()
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Decision {
    std::int64_t encoding_id = 0;
    EpochMs issued = 0;           ///< what revocations are compared with
    std::int64_t good_until = 0;  ///< monotonic
  };
  using Decisions = std::unordered_map<Key, Decision, KeyHash>;
  static constexpr std::size_t Shards = 16;
  static constexpr std::size_t MostPerShard = 2048;

  static Key keyOf(const Asked& asked);
  void remember(const Key& key, const Decision& decision);

  db::Database& database_;
  const Clock& clock_;
  const Revocations& revocations_;
  std::vector<EntitlementSource*> entitlements_;
  std::array<Guarded<Decisions>, Shards> shards_;
};

}  // namespace reeld::playback
