// notify::Notifier over a reeld.notifier/1 table.
#pragma once
#include "notify/notifier.h"
#include "plugin/instance.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance must outlive it.
std::unique_ptr<notify::Notifier> notifier(Instance& instance);

}  // namespace reeld::plugin::adapters
