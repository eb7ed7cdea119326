/* Its descriptor ends before ABI 1.0 does. */
#include "tiny.h"

static const reeld_plugin plugin = {.struct_size = 16, .abi_major = REELD_ABI_MAJOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
