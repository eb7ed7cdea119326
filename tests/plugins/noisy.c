/* Prints to standard output while it is loaded; the probe's answer must stay readable. */
#include "tiny.h"

#include <stdio.h>

__attribute__((constructor)) static void greet(void) {
  puts("{\"refused\": {\"what\": \"hello\", \"remedy\": \"none\"}}");
  fflush(stdout);
}

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
