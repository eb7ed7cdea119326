// The sink of events over reeld.analytics/1, and what it can be asked for.
#pragma once
#include "analytics/report_source.h"
#include "db/event_sink.h"
#include "plugin/instance.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance outlives it and offers the kind.
std::unique_ptr<db::EventSink> eventSink(Instance& instance);

/// Nothing if it makes no reports. The instance outlives it and offers the kind.
std::unique_ptr<analytics::ReportSource> reportSource(Instance& instance);

}  // namespace reeld::plugin::adapters
