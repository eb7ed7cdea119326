// Counts the events of the site by day, for all videos, each creator's and each video, and answers
// what is asked of that. It sees no row of the site's own tables: everything is from events.
#include "schema.h"
#include "store.h"
#include "summary.h"

#include <reeld/plugin.hpp>

#include <string>

using namespace reeld::sdk;

namespace analytics_rollup {
namespace {

constexpr std::int64_t ForgetEveryMs = 5'000;

class AnalyticsRollup {
 public:
  static constexpr auto id = "org.reeld.analytics-rollup";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Analytics rollup";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr std::uint32_t max_batch = REELD_MAX_EVENTS;

  AnalyticsRollup(Host host, std::string_view)
      : host_(host),
        store_(host),
        counted_(host.counter("counted_total", "events that were offered and are counted now")) {}

  void start() {
    bringUp(host_.sql());
    forget_ = host_.every(ForgetEveryMs, [this] { store_.forgetIds(); });
  }

  std::size_t consume(const std::vector<Event>& events) {
    store_.take(events);
    counted_.add(static_cast<double>(events.size()));
    return events.size();
  }

  std::string report(Call, std::string_view report_name, std::string_view params) {
    if (report_name != "summary") {
      throw Failure(REELD_NOT_FOUND, "there is the report summary");
    }
    return summaryOf(host_.sql(), params);
  }

 private:
  const Host host_;
  const Store store_;
  const Metric counted_;
  Task forget_;
};

}  // namespace
}  // namespace analytics_rollup

using analytics_rollup::AnalyticsRollup;
REELD_PLUGIN(AnalyticsRollup)
