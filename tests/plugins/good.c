/* The smallest plugin that is right. */
#include "tiny.h"

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
