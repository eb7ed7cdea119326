// A batch of events, summed up in memory: what each adds to which day. Pure.
#pragma once
#include "counters.h"
#include "day.h"

#include <reeld/plugin.hpp>

#include <map>
#include <set>
#include <tuple>

namespace analytics_rollup {

/// Whose numbers these are: of all videos, of one creator's, of one video.
enum class Scope : std::int64_t { Site = 0, Creator = 1, Video = 2 };

struct Subject {
  Scope scope = Scope::Site;
  std::int64_t id = 0;  ///< of creator or video
  auto operator<=>(const Subject&) const = default;
};

/// Somebody who came to see something on a day. Sorted by day first.
struct Viewer {
  Day day = 0;
  Subject subject;
  std::int64_t user = 0;
  auto operator<=>(const Viewer&) const = default;
};

class Tally {
 public:
  /// Passes over what is not counted. Throws std::invalid_argument for an event that lacks
  /// something.
  void add(const reeld::sdk::Event& event);

  using Totals = std::map<std::pair<Subject, Day>, Counters>;  ///< of site and creators
  using Videos = std::map<std::tuple<std::int64_t, Day, std::int64_t>, Counters>;
  const Totals& totals() const noexcept { return totals_; }
  /// By creator, day and video.
  const Videos& videos() const noexcept { return videos_; }
  const std::set<Viewer>& viewers() const noexcept { return viewers_; }

 private:
  struct Where {
    std::int64_t creator = 0;
    std::int64_t video = 0;
    Day day = 0;
  };
  void count(const Where& where, const Counters& counters);

  Totals totals_;
  Videos videos_;
  std::set<Viewer> viewers_;
};

}  // namespace analytics_rollup
