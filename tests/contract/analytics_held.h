// An analytics plugin behind its C table: events are offered to it by hand, and it is asked for its
// reports.
#pragma once
#include "held.h"

#include <reeld/cpp/host.hpp>
#include <reeld/kind/analytics.h>

namespace reeld::test {

inline constexpr std::int64_t DayMs = 86'400'000;

struct OneEvent {
  std::string id;
  std::string type;
  std::string user = "7";
  std::string json;
  std::int64_t at = 0;
};

class AnalyticsHeld : public Held {
 public:
  using Held::Held;

  /// How many it took; the error is in `failure`.
  std::size_t offer(const std::vector<OneEvent>& events) {
    std::vector<reeld_event> records;
    std::vector<const reeld_event*> list;
    records.reserve(events.size());
    for (const OneEvent& event : events) {
      reeld_event& record = records.emplace_back();
      record.struct_size = sizeof record;
      record.schema = 1;
      record.time_ms = event.at;
      record.id = plugin::abi(event.id);
      record.type = plugin::abi(event.type);
      record.user_id = plugin::abi(event.user);
      record.subject = plugin::abi("video:1");
      record.json = plugin::abi(event.json);
      list.push_back(&record);
    }
    std::size_t taken = 0;
    failure = plugin::blankError();
    analytics.consume(self, list.data(), list.size(), &taken, &failure);
    return taken;
  }

  /// What it answers; nothing if it refuses: then the reason is in `failure` and `refused_with`.
  std::optional<Json> ask(const std::string& name, const std::string& params) {
    std::string text;
    const reeld_sink sink{&text, [](void* ctx, reeld_bytes json, std::uint64_t) {
                            static_cast<std::string*>(ctx)->assign(plugin::view(json));
                          }};
    failure = plugin::blankError();
    REQUIRE(analytics.report != nullptr);
    refused_with =
        analytics.report(self, nullptr, plugin::abi(name), plugin::abi(params), &sink, &failure);
    return refused_with == REELD_OK ? std::optional(Json::parse(text)) : std::nullopt;
  }
  sdk::Sql sql() const { return sdk::Host(host()).sql(); }

  const reeld_analytics& analytics = table<reeld_analytics>(REELD_ANALYTICS);
  reeld_error failure = plugin::blankError();
  reeld_status refused_with = REELD_OK;
};

}  // namespace reeld::test
