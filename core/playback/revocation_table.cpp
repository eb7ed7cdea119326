#include "playback/revocation_table.h"

#include <thread>

namespace reeld::playback {

namespace {

bool voids(const RevocationMap& map, const RevocationKey& key, EpochMs issued) noexcept {
  const auto found = map.find(key);
  return found != map.end() && issued <= found->second.revoked_at;
}

}  // namespace

std::size_t RevocationKeyHash::operator()(const RevocationKey& key) const noexcept {
  // Ids are small and dense: spread them (splitmix64's multipliers).
  std::uint64_t hash = static_cast<std::uint64_t>(key.user) * 0x9e3779b97f4a7c15ULL;
  hash ^= static_cast<std::uint64_t>(key.video) * 0xbf58476d1ce4e5b9ULL;
  hash ^= key.session * 0x94d049bb133111ebULL;
  return static_cast<std::size_t>(hash ^ hash >> 31);
}

bool RevocationTable::isRevoked(const Grant& grant) const noexcept {
  std::size_t index = active_;
  readers_[index].fetch_add(1);
  // A writer that turned away between the two lines may wait no longer for this copy.
  while (index != active_) {
    readers_[index].fetch_sub(1);
    index = active_;
    readers_[index].fetch_add(1);
  }
  const RevocationMap& map = maps_[index];
  const bool revoked =
      !map.empty() && (voids(map, {grant.user_id, 0, 0}, grant.issued) ||
                       voids(map, {0, grant.video_id, 0}, grant.issued) ||
                       voids(map, {grant.user_id, grant.video_id, 0}, grant.issued) ||
                       (grant.session != 0 && voids(map, {0, 0, grant.session}, grant.issued)));
  readers_[index].fetch_sub(1);
  return revoked;
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
