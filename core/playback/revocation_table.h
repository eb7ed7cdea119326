// What is revoked, as a table that one thread writes and event loops read without a lock or
// allocation: two copies, of which the readers use one while the other is replaced (left-right).
#pragma once
#include "playback/grant.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace reeld::playback {

/// What a revocation names. Of user and video together it voids what that user holds of that video.
struct RevocationKey {
  std::int64_t user = 0;
  std::int64_t video = 0;
  std::uint64_t session = 0;
  bool operator==(const RevocationKey&) const = default;
};

struct RevocationKeyHash {
  std::size_t operator()(const RevocationKey& key) const noexcept;
};

struct RevokedUntil {
  EpochMs revoked_at = 0;  ///< void is what was issued at or before it
  EpochMs expires_at = 0;
};
using RevocationMap = std::unordered_map<RevocationKey, RevokedUntil, RevocationKeyHash>;

class RevocationTable {
 public:
  /// [hot], any thread. A session that has ended never goes on, so nothing of it is good again,
  /// whatever time is written on it: the clock may have stepped back since.
  bool isRevoked(const Grant& grant) const noexcept;
  /// [hot], any thread. Void is what was issued at or before it, for the user and the video that
  /// the grant names; of what was never revoked the beginning of time.
  EpochMs lastRevoked(const Grant& grant) const noexcept;

  /// One thread at a time; waits for the readers of the copy it replaces.
  void replace(RevocationMap map);

 private:
  template <class Look>
  auto reading(Look&& look) const noexcept;

  mutable std::array<std::atomic<int>, 2> readers_{};
  std::atomic<std::size_t> active_{0};
  std::array<RevocationMap, 2> maps_;
};

}  // namespace reeld::playback
