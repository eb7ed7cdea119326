// Events of the site that are worth a line of the trail.
#pragma once
#include "entry.h"

#include <reeld/cpp/analytics.hpp>

#include <optional>

namespace audit_trail {

/// Without a place in the chain; nothing of an event that is none of the trail's business.
std::optional<Entry> entryOf(const reeld::sdk::Event& event);

}  // namespace audit_trail
