// What a viewer can watch right now, as one list: the finished videos that the access rule opens to
// him, newest first. Read in batches, so that a large catalogue is never in memory as a whole.
#pragma once
#include "playback/access.h"

#include <functional>
#include <vector>

namespace reeld::playback {

class PlayableVideos {
 public:
  static constexpr std::int64_t BatchSize = 100;

  /// Everything outlives this. `entitlements` in the order they are asked.
  PlayableVideos(db::Database& database, std::vector<EntitlementSource*> entitlements)
      : database_(database), entitlements_(std::move(entitlements)) {}

  /// Called with each, until it says false. Of a video it gets what lists and the access rule need:
  /// no failure, price or poster.
  using Visit = std::function<bool(const catalog::Video&)>;
  /// Worker lane.
  void each(const users::Viewer& viewer, const Visit& visit);

 private:
  db::Database& database_;
  std::vector<EntitlementSource*> entitlements_;
};

}  // namespace reeld::playback
