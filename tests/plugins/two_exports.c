/* Exports a second symbol, which could be taken for another plugin's. */
#include "tiny.h"

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
REELD_EXPORT const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
REELD_EXPORT int helper_of_mine(void);
int helper_of_mine(void) { return 1; }
