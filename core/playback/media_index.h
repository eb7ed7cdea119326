// The media that is being played, in memory, for the event loops: a hit needs no database. Bounded;
// what was not asked for longest goes first. A miss means Defer: the Worker lane loads it
// (Playback::load).
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "playback/media.h"

#include <list>
#include <memory>
#include <unordered_map>

namespace reeld::playback {

class MediaIndex {
 public:
  /// A growing encoding is believed for so long.
  static constexpr std::int64_t GrowingMs = 1'000;

  explicit MediaIndex(const Clock& clock, std::size_t max_bytes = std::size_t{64} << 20)
      : clock_(clock), state_(State{max_bytes, 0, {}, {}}) {}

  /// nullptr = not here. Any thread; the lock is held for a lookup only.
  std::shared_ptr<const Media> find(std::int64_t encoding_id);
  void put(std::shared_ptr<const Media> media);
  /// When its files turn out to be gone.
  void drop(std::int64_t encoding_id);

 private:
  struct Entry {
    std::shared_ptr<const Media> media;
    std::int64_t good_until = 0;  ///< monotonic; 0 = for good
    std::size_t bytes = 0;
  };
  struct State {
    std::size_t max_bytes;
    std::size_t bytes;
    std::list<Entry> entries;  ///< the latest asked for first
    std::unordered_map<std::int64_t, std::list<Entry>::iterator> by_id;
    void erase(std::int64_t encoding_id);
  };

  const Clock& clock_;
  Guarded<State> state_;
};

}  // namespace reeld::playback
