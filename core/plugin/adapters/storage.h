// storage::Storage over reeld.storage/1. Copies a spool file if the plugin cannot adopt it.
#pragma once
#include "plugin/instance.h"
#include "storage/storage.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance outlives the storage and what it opened. Any thread.
std::unique_ptr<storage::Storage> storage(Instance& instance);

}  // namespace reeld::plugin::adapters
