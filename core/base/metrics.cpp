#include "base/metrics.h"

#include "base/guarded.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace reeld {

namespace {

struct OneCounter final : Counter {
  explicit OneCounter(prometheus::Counter& c) : inner(c) {}
  void add(double delta) noexcept override { inner.Increment(delta); }
  prometheus::Counter& inner;
};
struct OneGauge final : Gauge {
  explicit OneGauge(prometheus::Gauge& g) : inner(g) {}
  void set(double value) noexcept override { inner.Set(value); }
  void add(double delta) noexcept override { inner.Increment(delta); }
  prometheus::Gauge& inner;
};
struct OneHistogram final : Histogram {
  explicit OneHistogram(prometheus::Histogram& h) : inner(h) {}
  void observe(double value) noexcept override { inner.Observe(value); }
  void observeMany(const std::vector<double>& per_bucket, double sum) override {
    inner.ObserveMultiple(per_bucket, sum);
  }
  prometheus::Histogram& inner;
};

std::string keyOf(const std::string& name, const Labels& labels) {
  std::string key = name;
  for (const auto& [label, value] : labels) {
    key += '\n' + label + '\n' + value;
  }
  return key;
}

}  // namespace

struct Metrics::Impl {
  struct Tables {
    std::map<std::string, std::unique_ptr<OneCounter>> counters;
    std::map<std::string, std::unique_ptr<OneGauge>> gauges;
    std::map<std::string, std::unique_ptr<OneHistogram>> histograms;
    std::vector<std::function<void()>> refreshes;
  };
  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
  Guarded<Tables> tables;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return impl_->tables.with([&](Impl::Tables& tables) -> Counter& {
    auto& slot = tables.counters[keyOf(name, labels)];
    if (slot == nullptr) {
      auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
      slot = std::make_unique<OneCounter>(family.Add(labels));
    }
    return *slot;
  });
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return impl_->tables.with([&](Impl::Tables& tables) -> Gauge& {
    auto& slot = tables.gauges[keyOf(name, labels)];
    if (slot == nullptr) {
      auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry);
      slot = std::make_unique<OneGauge>(family.Add(labels));
    }
    return *slot;
  });
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              const Labels& labels, const std::vector<double>& buckets) {
  return impl_->tables.with([&](Impl::Tables& tables) -> Histogram& {
    auto& slot = tables.histograms[keyOf(name, labels)];
    if (slot == nullptr) {
      auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(impl_->registry);
      slot = std::make_unique<OneHistogram>(family.Add(labels, buckets));
    }
    return *slot;
  });
}

void Metrics::atScrape(std::function<void()> refresh) {
  impl_->tables.with([&](Impl::Tables& tables) { tables.refreshes.push_back(std::move(refresh)); });
}

std::string Metrics::text() {
  const auto refreshes = impl_->tables.with([](Impl::Tables& tables) { return tables.refreshes; });
  for (const auto& refresh : refreshes) {
    refresh();
  }
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace reeld
