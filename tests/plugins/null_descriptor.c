/* Has the entry and answers nothing. */
#include "tiny.h"

const reeld_plugin* reeld_plugin_abi1(void) { return NULL; }
