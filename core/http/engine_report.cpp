#include "http/engine_report.h"

#include <utility>
#include <vector>

namespace reeld::http {

using engine::LoopCounters;

std::uint64_t EngineReport::sum(const engine::Tally LoopCounters::*tally) const {
  std::uint64_t all = 0;
  for (unsigned i = 0; i < engine_.loopCount(); ++i) {
    all += (engine_.counters(i).*tally).value();
  }
  return all;
}

void EngineReport::total(const std::string& name, const std::string& help, const Labels& labels,
                         std::uint64_t value) {
  std::uint64_t& known = published_[{name, labels}];
  metrics_.counter(name, help, labels).add(static_cast<double>(value - known));
  known = value;
}

void EngineReport::publish() {
  const auto gauge = [&](const char* name, const char* help, const Labels& labels,
                         std::uint64_t value) {
    metrics_.gauge(name, help, labels).set(static_cast<double>(value));
  };
  gauge("reeld_http_connections", "Connections now.", {}, sum(&LoopCounters::open));
  gauge("reeld_http_in_flight_requests", "Requests in hand.", {}, sum(&LoopCounters::active));
  const char* const queue = "Jobs that wait in a lane.";
  gauge("reeld_http_lane_queue", queue, {{"lane", "worker"}}, engine_.queuedWorkers());
  gauge("reeld_http_lane_queue", queue, {{"lane", "hash"}}, engine_.queuedHash());
  gauge("reeld_http_lane_queue", queue, {{"lane", "io"}}, engine_.queuedIo());

  total("reeld_http_connections_accepted_total", "Connections accepted.", {},
        sum(&LoopCounters::accepted));
  const char* const refused = "Connections turned away.";
  total("reeld_http_connections_refused_total", refused, {{"reason", "overload"}},
        sum(&LoopCounters::overloaded));
  total("reeld_http_connections_refused_total", refused, {{"reason", "address"}},
        sum(&LoopCounters::capped));
  total("reeld_http_connections_refused_total", refused, {{"reason", "descriptors"}},
        sum(&LoopCounters::no_fd));
  total("reeld_http_busy_total", "Requests turned away because a lane was full.", {},
        sum(&LoopCounters::busy));
  total("reeld_http_timeouts_total", "Connections ended by a deadline other than idle.", {},
        sum(&LoopCounters::timeouts));
  total("reeld_http_received_bytes_total", "Bytes read from clients.", {},
        sum(&LoopCounters::bytes_in));
  total("reeld_http_sent_bytes_total", "Bytes sent to clients.", {}, sum(&LoopCounters::bytes_out));
  publishTurns();
}

void EngineReport::publishTurns() {
  const auto gain = [](std::uint64_t now, std::uint64_t& known) {
    return static_cast<double>(now - std::exchange(known, now));
  };
  std::array<std::uint64_t, engine::TurnTimes::BoundsUs.size() + 1> turns{};
  std::uint64_t microseconds = 0;
  for (unsigned i = 0; i < engine_.loopCount(); ++i) {
    const engine::TurnTimes& times = engine_.counters(i).turns;
    for (std::size_t bucket = 0; bucket < turns.size(); ++bucket) {
      turns[bucket] += times.buckets()[bucket].value();
    }
    microseconds += times.microseconds();
  }
  std::vector<double> bounds;
  bounds.reserve(engine::TurnTimes::BoundsUs.size());
  for (const std::int64_t bound : engine::TurnTimes::BoundsUs) {
    bounds.push_back(static_cast<double>(bound) / 1e6);
  }
  std::vector<double> increments;
  for (std::size_t bucket = 0; bucket < turns.size(); ++bucket) {
    increments.push_back(gain(turns[bucket], turns_[bucket]));
  }
  metrics_
      .histogram("reeld_http_loop_turn_seconds",
                 "How long an event loop worked before it looked for events again.", {}, bounds)
      .observeMany(increments, gain(microseconds, turn_us_) / 1e6);
}

}  // namespace reeld::http
