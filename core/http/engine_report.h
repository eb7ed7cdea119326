// The engine's own figures as metrics: connections, lanes, bytes. Sums the counters of all loops
// when the metrics are scraped.
#pragma once
#include "base/metrics.h"
#include "http/engine/engine.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace reeld::http {

class EngineReport {
 public:
  EngineReport(Metrics& metrics, const engine::Engine& engine)
      : metrics_(metrics), engine_(engine) {}

  void publish();
  /// Adds to a counter what it gained since the last call.
  void total(const std::string& name, const std::string& help, const Labels& labels,
             std::uint64_t value);

 private:
  void publishTurns();
  std::uint64_t sum(const engine::Tally engine::LoopCounters::*tally) const;

  Metrics& metrics_;
  const engine::Engine& engine_;
  std::map<std::pair<std::string, Labels>, std::uint64_t> published_;
  std::array<std::uint64_t, engine::TurnTimes::BoundsUs.size() + 1> turns_{};  ///< published
  std::uint64_t turn_us_ = 0;                                                  ///< published
};

}  // namespace reeld::http
