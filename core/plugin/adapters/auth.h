// users::IdentityProvider over reeld.auth/1.
#pragma once
#include "plugin/instance.h"
#include "users/identity_provider.h"

#include <memory>

namespace reeld::plugin::adapters {

/// The instance outlives the provider. Any thread.
std::unique_ptr<users::IdentityProvider> identityProvider(Instance& instance);

}  // namespace reeld::plugin::adapters
