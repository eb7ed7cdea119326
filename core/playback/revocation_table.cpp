#include "playback/revocation_table.h"

#include <algorithm>
#include <limits>
#include <thread>

namespace reeld::playback {

namespace {

constexpr EpochMs Never = std::numeric_limits<EpochMs>::min();

EpochMs revokedAt(const RevocationMap& map, const RevocationKey& key) noexcept {
  const auto found = map.find(key);
  return found == map.end() ? Never : found->second.revoked_at;
}

EpochMs lastOf(const RevocationMap& map, const Grant& grant) noexcept {
  return map.empty() ? Never
                     : std::max({revokedAt(map, {grant.user_id, 0, 0}),
                                 revokedAt(map, {0, grant.video_id, 0}),
                                 revokedAt(map, {grant.user_id, grant.video_id, 0})});
}

}  // namespace

std::size_t RevocationKeyHash::operator()(const RevocationKey& key) const noexcept {
  // Ids are small and dense: spread them (splitmix64's multipliers).
  std::uint64_t hash = static_cast<std::uint64_t>(key.user) * 0x9e3779b97f4a7c15ULL;
  hash ^= static_cast<std::uint64_t>(key.video) * 0xbf58476d1ce4e5b9ULL;
  hash ^= key.session * 0x94d049bb133111ebULL;
  return static_cast<std::size_t>(hash ^ hash >> 31);
}

/// What `look` sees in the copy that is in use.
template <class Look>
auto RevocationTable::reading(Look&& look) const noexcept {
  std::size_t index = active_;
  readers_[index].fetch_add(1);
  // A writer that turned away between the two lines may wait no longer for this copy.
  while (index != active_) {
    readers_[index].fetch_sub(1);
    index = active_;
    readers_[index].fetch_add(1);
  }
  const auto seen = look(maps_[index]);
  readers_[index].fetch_sub(1);
  return seen;
}

bool RevocationTable::isRevoked(const Grant& grant) const noexcept {
  return reading([&](const RevocationMap& map) {
    return !map.empty() && ((grant.session != 0 && map.contains({0, 0, grant.session})) ||
                            grant.issued <= lastOf(map, grant));
  });
}

EpochMs RevocationTable::lastRevoked(const Grant& grant) const noexcept {
  return reading([&](const RevocationMap& map) { return lastOf(map, grant); });
}

void RevocationTable::replace(RevocationMap map) {
  const std::size_t next = 1 - active_;
  while (readers_[next] != 0) {
    std::this_thread::yield();
  }
  maps_[next] = std::move(map);
  active_ = next;
}

}  // namespace reeld::playback
