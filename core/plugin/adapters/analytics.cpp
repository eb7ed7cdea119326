#include "plugin/adapters/analytics.h"

#include "plugin/call.h"

#include <reeld/kind/analytics.h>

#include <algorithm>

namespace reeld::plugin::adapters {
namespace {

constexpr std::uint32_t UsualBatch = 100;
constexpr std::uint32_t Schema = 1;
/// A sink may wait for its database; nobody waits for it but the dispatcher.
constexpr std::chrono::seconds ConsumeDeadline{60};
/// Somebody waits for a page.
constexpr std::chrono::seconds ReportDeadline{10};

class EventSinkAdapter final : public db::EventSink {
 public:
  explicit EventSinkAdapter(Instance& instance) : instance_(instance), name_(instance.name()) {}

  const std::string& name() const override { return name_; }

  std::size_t maxBatch() const override {
    const auto* table = static_cast<const reeld_analytics*>(instance_.table(REELD_ANALYTICS));
    const std::uint32_t wanted = table == nullptr ? 0 : table->max_batch;
    return wanted == 0 ? UsualBatch : std::min<std::uint32_t>(wanted, REELD_MAX_EVENTS);
  }

  std::size_t consume(const std::vector<db::DispatchedEvent>& batch) override {
    Call call(instance_, ConsumeDeadline);
    const auto& table = call.table<reeld_analytics>(REELD_ANALYTICS);
    std::vector<std::string> users;
    std::vector<reeld_event> records;
    std::vector<const reeld_event*> list;
    users.reserve(batch.size());
    records.reserve(batch.size());
    for (const db::DispatchedEvent& event : batch) {
      users.push_back(event.user_id ? std::to_string(*event.user_id) : "");
      reeld_event record{};
      record.struct_size = sizeof record;
      record.schema = Schema;
      record.time_ms = event.created_at;
      record.id = abi(event.event_id);
      record.type = abi(event.type);
      record.user_id = abi(users.back());
      record.subject = abi(event.subject);
      record.json = abi(event.json);
      list.push_back(&records.emplace_back(record));
    }
    std::size_t taken = 0;
    const reeld_status status =
        table.consume(call.self(), list.data(), list.size(), &taken, call.error());
    // What was taken is taken, whatever became of the rest.
    if (taken == 0) {
      call.require(status);
    } else {
      call.answered(status);
    }
    return std::min(taken, batch.size());
  }

 private:
  Instance& instance_;
  const std::string name_;
};

class ReportSourceAdapter final : public analytics::ReportSource {
 public:
  explicit ReportSourceAdapter(Instance& instance) : instance_(instance), name_(instance.name()) {}

  const std::string& name() const override { return name_; }

  Json report(const std::string& report, const Json& params) override {
    Call call(instance_, ReportDeadline);
    const auto& table = call.table<reeld_analytics>(REELD_ANALYTICS);
    const std::string asked = params.dump();
    std::string text;
    const reeld_sink sink{&text, [](void* ctx, reeld_bytes json, std::uint64_t) {
                            static_cast<std::string*>(ctx)->assign(view(json));
                          }};
    call.require(
        table.report(call.self(), call.context(), abi(report), abi(asked), &sink, call.error()));
    try {
      return Json::parse(text);
    } catch (const Error& error) {
      throw Error(ErrorCode::Corrupt,
                  "plugin \"" + name_ + "\" made a report that is no JSON: " + error.what());
    }
  }

 private:
  Instance& instance_;
  const std::string name_;
};

}  // namespace

std::unique_ptr<db::EventSink> eventSink(Instance& instance) {
  return std::make_unique<EventSinkAdapter>(instance);
}

std::unique_ptr<analytics::ReportSource> reportSource(Instance& instance) {
  const auto* table = static_cast<const reeld_analytics*>(instance.table(REELD_ANALYTICS));
  if (table == nullptr || !REELD_HAS(table, report)) {
    return nullptr;
  }
  return std::make_unique<ReportSourceAdapter>(instance);
}

}  // namespace reeld::plugin::adapters
