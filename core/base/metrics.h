// Counters, gauges and histograms by name, and their text form (prometheus-cpp core behind
// metrics.cpp). Get a metric once and keep the reference: looking one up takes a lock, adding to
// one does not.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace reeld {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double delta = 1) noexcept = 0;  ///< any thread, [hot]
};
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) noexcept = 0;
  virtual void add(double delta) noexcept = 0;
};
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) noexcept = 0;
  /// What somebody counted by itself since the last time: values per bucket (one more than there
  /// are bounds) and their sum.
  virtual void observeMany(const std::vector<double>& per_bucket, double sum) = 0;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// The same name and labels give the same object; it lives as long as this.
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help, const Labels& labels = {},
                       const std::vector<double>& buckets = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                             0.5, 1, 2.5, 5, 10});
  /// Runs before each exposition: sums of what others count for themselves (one per event loop).
  void atScrape(std::function<void()> refresh);
  /// Prometheus text exposition format 0.0.4.
  std::string text();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
