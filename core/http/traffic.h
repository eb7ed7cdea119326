// Requests counted by one loop: per route, method and status, and how long they took. The loop adds
// without a lock; publishing sums all loops into the metrics when they are scraped.
#pragma once
#include "base/metrics.h"
#include "http/engine/counters.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace reeld::http {

class Traffic {
 public:
  /// Upper bounds in seconds of reeld_http_request_duration_seconds, the last without end.
  static const std::vector<double>& buckets();
  /// Statuses counted by themselves; any other is counted as 0.
  static constexpr std::array<int, 37> Codes = {
      0,   200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409,
      410, 411, 412, 413, 414, 415, 416, 417, 422, 429, 431, 500, 501, 502, 503, 504, 505, 507};
  static constexpr std::size_t Buckets = 12;

  explicit Traffic(std::size_t routes);

  /// On the loop.
  void count(std::size_t route, int status, std::int64_t microseconds) noexcept;

  struct Row {
    std::array<engine::Tally, Codes.size()> codes;
    std::array<engine::Tally, Buckets> durations;
    engine::Tally microseconds;
  };
  const Row& row(std::size_t route) const { return *rows_[route]; }
  std::size_t routes() const noexcept { return rows_.size(); }

 private:
  std::vector<std::unique_ptr<Row>> rows_;
};

/// Turns the counters of all loops into metrics; one per site.
class TrafficReport {
 public:
  struct RouteName {
    std::string route;
    std::string method;
  };
  TrafficReport(Metrics& metrics, std::vector<RouteName> names)
      : metrics_(metrics), names_(std::move(names)) {}

  void publish(const std::vector<const Traffic*>& loops);

 private:
  /// What was published already, per route.
  struct Published {
    std::array<std::uint64_t, Traffic::Codes.size()> codes{};
    std::array<std::uint64_t, Traffic::Buckets> durations{};
    std::uint64_t microseconds = 0;
  };
  void publishRoute(std::size_t route, const std::vector<const Traffic*>& loops);

  Metrics& metrics_;
  std::vector<RouteName> names_;
  std::vector<Published> published_;
};

}  // namespace reeld::http
