// The sink of events over reeld.analytics/1.
#pragma once
#include "db/event_sink.h"
#include "plugin/instance.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance outlives it and offers the kind.
std::unique_ptr<db::EventSink> eventSink(Instance& instance);

}  // namespace reeld::plugin::adapters
