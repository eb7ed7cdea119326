// What the scripted encoder finds in a file, which its first bytes say.
#pragma once
#include <reeld/kind/encoder.h>

namespace scripted {

reeld_status inspect(void*, const reeld_call*, int32_t fd, const reeld_sink* sink,
                     reeld_error* error);

}  // namespace scripted
