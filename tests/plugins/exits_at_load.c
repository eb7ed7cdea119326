/* Ends the process that loads it, as a library does that calls exit() when it lacks a licence. */
#include "tiny.h"

#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void leave(void) {
  fputs("no licence found\n", stderr);
  exit(3);
}

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
