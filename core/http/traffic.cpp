#include "http/traffic.h"

#include <algorithm>

namespace reeld::http {

const std::vector<double>& Traffic::buckets() {
  static const std::vector<double> Bounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                             0.5,   1,    2.5,   5,    10};
  return Bounds;
}

Traffic::Traffic(std::size_t routes) {
  for (std::size_t i = 0; i < routes; ++i) {
    rows_.push_back(std::make_unique<Row>());
  }
}

void Traffic::count(std::size_t route, int status, std::int64_t microseconds) noexcept {
  constexpr std::array<std::int64_t, Buckets - 1> Bounds = {
      5'000,   10'000,    25'000,    50'000,    100'000,   250'000,
      500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};
  Row& row = *rows_[route];
  const auto code = std::lower_bound(Codes.begin(), Codes.end(), status);
  const auto index = code != Codes.end() && *code == status ? code - Codes.begin() : 0;
  row.codes[static_cast<std::size_t>(index)].add(1);
  std::size_t bucket = 0;
  while (bucket < Bounds.size() && microseconds > Bounds[bucket]) {
    ++bucket;
  }
  row.durations[bucket].add(1);
  row.microseconds.add(static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0)));
}

void TrafficReport::publish(const std::vector<const Traffic*>& loops) {
  published_.resize(names_.size());
  for (std::size_t route = 0; route < names_.size(); ++route) {
    publishRoute(route, loops);
  }
}

void TrafficReport::publishRoute(std::size_t route, const std::vector<const Traffic*>& loops) {
  Published& before = published_[route];
  const auto gain = [&](auto&& pick, std::uint64_t& known) {
    std::uint64_t sum = 0;
    for (const Traffic* loop : loops) {
      sum += pick(loop->row(route)).value();
    }
    const std::uint64_t delta = sum - known;
    known = sum;
    return static_cast<double>(delta);
  };
  const RouteName& name = names_[route];
  for (std::size_t i = 0; i < Traffic::Codes.size(); ++i) {
    const double delta = gain(
        [&](auto& row) -> auto& { return row.codes[i]; }, before.codes[i]);
    if (delta > 0) {
      const int code = Traffic::Codes[i];
      metrics_
          .counter("reeld_http_requests_total", "Requests answered.",
                   {{"route", name.route},
                    {"method", name.method},
                    {"code", code == 0 ? "other" : std::to_string(code)}})
          .add(delta);
    }
  }
  std::vector<double> increments;
  double any = 0;
  for (std::size_t i = 0; i < Traffic::Buckets; ++i) {
    increments.push_back(gain(
        [&](auto& row) -> auto& { return row.durations[i]; }, before.durations[i]));
    any += increments.back();
  }
  const double microseconds = gain(
      [](auto& row) -> auto& { return row.microseconds; }, before.microseconds);
  if (any > 0) {
    metrics_
        .histogram("reeld_http_request_duration_seconds",
                   "From the complete head to the last byte of the answer.",
                   {{"route", name.route}, {"method", name.method}}, Traffic::buckets())
        .observeMany(increments, microseconds / 1e6);
  }
}

}  // namespace reeld::http
