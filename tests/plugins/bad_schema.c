/* Its config_schema is JSON, but no JSON Schema. */
#include "tiny.h"

static const reeld_plugin plugin = {TINY_DESCRIPTOR, .config_schema = "{\"type\": \"obejct\"}"};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
