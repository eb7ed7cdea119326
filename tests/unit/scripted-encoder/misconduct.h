// What an encoder must not do, by name: it crashes, hangs, lies, or tries what is forbidden.
#pragma once
#include <reeld/kind/encoder.h>

#include <string>

namespace scripted {

/// Ends with a status if the process lives on.
reeld_status misbehave(const reeld_call* call, const reeld_job& job, const reeld_job_sink& sink,
                       const std::string& conduct, reeld_error* error);

}  // namespace scripted
