/* Needs a host that is newer than this one. */
#define REELD_NEED_MINOR 9
#include "tiny.h"

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
