// A storage whose operations are counted by what came of them. Reading from and writing to what was
// opened is not, commit() is.
#pragma once
#include "base/metrics.h"
#include "storage/storage.h"

#include <memory>
#include <string>

namespace reeld::storage {

/// reeld_storage_operations_total{backend,op,outcome}; `metrics` outlives it.
std::unique_ptr<Storage> counted(std::unique_ptr<Storage> storage, std::string backend,
                                 Metrics& metrics);

}  // namespace reeld::storage
