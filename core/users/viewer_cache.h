// Who is behind a session, remembered for half a second, so that a signed-in client's requests do
// not each cost a query. What this daemon changes holds for the very next request: forget() is
// called after the commit (db::News::Access). Changes by other daemons hold within half a second.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "db/database.h"
#include "users/session_repository.h"

#include <array>
#include <atomic>
#include <optional>
#include <string>
#include <unordered_map>

namespace reeld::users {

class ViewerCache {
 public:
  static constexpr std::int64_t FreshMs = 500;

  ViewerCache(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  /// [hot], any thread. The viewer as remembered, with an empty token_id; nothing = ask find().
  std::optional<Viewer> known(const std::string& session_id, UserId user_id) const;
  /// The viewer if session and user are good, with an empty token_id. Any thread; may ask the
  /// database.
  std::optional<Viewer> find(const std::string& session_id, UserId user_id);
  /// What was read before is not used any more. Any thread.
  void forget() noexcept { ++epoch_; }

 private:
  struct Entry {
    UserId user_id = 0;
    Role role = Role::Viewer;
    EpochMs until = 0;
    std::int64_t read_at = 0;  ///< monotonic
    std::uint64_t epoch = 0;   ///< when reading began
  };
  using Entries = std::unordered_map<std::string, Entry>;  ///< by session
  static constexpr std::size_t Shards = 16;
  static constexpr std::size_t MostPerShard = 1024;

  static std::size_t shardOf(const std::string& session_id) noexcept;
  bool isFresh(const Entry& entry, std::int64_t now) const noexcept;
  void put(const std::string& session_id, Entry entry);

  db::Database& database_;
  const Clock& clock_;
  std::atomic<std::uint64_t> epoch_{0};
  std::array<Guarded<Entries>, Shards> shards_;
};

}  // namespace reeld::users
