/* Says another major than its entry symbol's. */
#include "tiny.h"

static const reeld_plugin plugin = {.struct_size = sizeof plugin, .abi_major = 7, .need_minor = 3};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
