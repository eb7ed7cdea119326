/* Never comes back from being loaded. */
#define _DEFAULT_SOURCE
#include "tiny.h"

#include <unistd.h>

__attribute__((constructor)) static void hang(void) {
  for (;;)
    pause();
}

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
