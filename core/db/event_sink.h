// The port for whoever is told of events: a plugin's analytics, mails, webhooks. An event is
// offered until it has been taken, so a sink sees each at least once and knows a repetition by its
// event_id.
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::db {

struct DispatchedEvent {
  std::int64_t seq = 0;  ///< the order of dispatch; the same for every sink
  std::string event_id;
  std::string type;
  std::optional<std::int64_t> user_id;
  std::string subject;
  std::string json;
  EpochMs created_at = 0;
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  /// What its cursor is kept under: the instance's name.
  virtual const std::string& name() const = 0;
  virtual std::size_t maxBatch() const = 0;
  /// Called on the dispatcher's thread, in order of seq. Returns how many were taken, from the
  /// front; the rest is offered again after a pause. An exception means that none was.
  virtual std::size_t consume(const std::vector<DispatchedEvent>& batch) = 0;
};

}  // namespace reeld::db
