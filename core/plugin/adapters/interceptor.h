// http::Interceptor over a reeld.interceptor/1 table.
#pragma once
#include "http/interceptor.h"
#include "plugin/instance.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance is started and outlives it, and is not destroyed before it is gone.
std::unique_ptr<http::Interceptor> interceptor(Instance& instance);

}  // namespace reeld::plugin::adapters
