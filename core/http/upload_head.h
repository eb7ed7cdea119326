// What the head of an upload may not ask for: that its body be put into a part of a file, or undone
// before it is stored. Either would be stored as the whole file, as it came.
#pragma once
#include "http/engine/head.h"
#include "http/engine/refusal.h"

namespace reeld::http {

/// Nothing if the body can be taken as the whole file.
const engine::Refusal* uploadRefusal(const engine::Head& head) noexcept;

}  // namespace reeld::http
