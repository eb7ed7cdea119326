// Metrics: the same name is the same object, and the text is what Prometheus reads.
#include "base/metrics.h"

#include "catch.h"

#include <string>

using namespace reeld;

TEST_CASE("a counter with the same name and labels is the same counter") {
  Metrics metrics;
  Counter& first = metrics.counter("reeld_x_total", "x", {{"route", "a"}});
  Counter& again = metrics.counter("reeld_x_total", "x", {{"route", "a"}});
  Counter& other = metrics.counter("reeld_x_total", "x", {{"route", "b"}});
  CHECK(&first == &again);
  CHECK(&first != &other);
  first.add();
  again.add(2);
  CHECK_THAT(metrics.text(), ContainsSubstring("reeld_x_total{route=\"a\"} 3"));
  CHECK_THAT(metrics.text(), ContainsSubstring("reeld_x_total{route=\"b\"} 0"));
}

TEST_CASE("the text has help and type of each metric once") {
  Metrics metrics;
  metrics.gauge("reeld_idle", "idle ones").set(4);
  metrics.counter("reeld_y_total", "ys", {{"k", "1"}});
  metrics.counter("reeld_y_total", "ys", {{"k", "2"}});
  const std::string text = metrics.text();
  CHECK_THAT(text, ContainsSubstring(
                       "# HELP reeld_idle idle ones\n# TYPE reeld_idle gauge\nreeld_idle 4"));
  CHECK(text.find("# TYPE reeld_y_total") == text.rfind("# TYPE reeld_y_total"));
}

TEST_CASE("a label cannot break out of its quotes") {
  Metrics metrics;
  metrics.gauge("reeld_g", "g", {{"name", "a\"b\\c\nd"}}).set(1);
  CHECK_THAT(metrics.text(), ContainsSubstring(R"(name="a\"b\\c\nd")"));
}

TEST_CASE("a histogram counts into its buckets") {
  Metrics metrics;
  Histogram& seconds = metrics.histogram("reeld_s", "s", {}, {0.1, 1});
  for (const double value : {0.05, 0.5, 5.0}) {
    seconds.observe(value);
  }
  const std::string text = metrics.text();
  CHECK_THAT(text, ContainsSubstring("reeld_s_bucket{le=\"0.1\"} 1"));
  CHECK_THAT(text, ContainsSubstring("reeld_s_bucket{le=\"1\"} 2"));
  CHECK_THAT(text, ContainsSubstring("reeld_s_bucket{le=\"+Inf\"} 3"));
  CHECK_THAT(text, ContainsSubstring("reeld_s_count 3"));
}

TEST_CASE("what is counted elsewhere is brought in before each exposition") {
  Metrics metrics;
  int asked = 0;
  Gauge& gauge = metrics.gauge("reeld_loops", "l");
  metrics.atScrape([&] { gauge.set(++asked); });
  metrics.text();
  CHECK_THAT(metrics.text(), ContainsSubstring("reeld_loops 2"));
}
