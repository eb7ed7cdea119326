#include "users/viewer_cache.h"

namespace reeld::users {

std::size_t ViewerCache::shardOf(const std::string& session_id) noexcept {
  // Session ids are random, so any character spreads well.
  const std::size_t first = session_id.empty() ? 0 : static_cast<unsigned char>(session_id.front());
  return first % Shards;
}

bool ViewerCache::isFresh(const Entry& entry, std::int64_t now) const noexcept {
  return entry.epoch == epoch_ && now - entry.read_at < FreshMs;
}

std::optional<Viewer> ViewerCache::known(const std::string& session_id, UserId user_id) const {
  const std::int64_t now = clock_.monotonicMs();
  const auto entry =
      shards_[shardOf(session_id)].with([&](const Entries& entries) -> std::optional<Entry> {
        const auto found = entries.find(session_id);
        return found != entries.end() && isFresh(found->second, now) ? std::optional(found->second)
                                                                     : std::nullopt;
      });
  if (!entry || entry->user_id != user_id || entry->until <= clock_.now()) {
    return std::nullopt;
  }
  return Viewer{.user_id = user_id, .role = entry->role, .session_id = session_id, .token_id = {}};
}

std::optional<Viewer> ViewerCache::find(const std::string& session_id, UserId user_id) {
  if (auto viewer = known(session_id, user_id)) {
    return viewer;
  }
  const std::int64_t now = clock_.monotonicMs();
  // The epoch comes before the query: a change that commits in between makes the entry stale.
  const std::uint64_t epoch = epoch_;
  auto live = database_.readOne(
      [&](db::Session& session) { return findViewer(session, session_id, user_id, clock_.now()); });
  if (!live) {
    return std::nullopt;
  }
  put(session_id, {.user_id = user_id,
                   .role = live->viewer.role,
                   .until = live->until,
                   .read_at = now,
                   .epoch = epoch});
  return std::move(live->viewer);
}

void ViewerCache::put(const std::string& session_id, Entry entry) {
  shards_[shardOf(session_id)].with([&](Entries& entries) {
    if (entries.size() >= MostPerShard && !entries.contains(session_id)) {
      std::erase_if(entries, [&](const auto& one) { return !isFresh(one.second, entry.read_at); });
      if (entries.size() >= MostPerShard) {
        entries.clear();
      }
    }
    entries[session_id] = entry;
  });
}

}  // namespace reeld::users
