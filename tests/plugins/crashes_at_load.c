/* Writes to a page that is not there while it is loaded. */
#include "tiny.h"

#include <signal.h>

__attribute__((constructor)) static void crash(void) { raise(SIGSEGV); }

static const reeld_plugin plugin = {TINY_DESCRIPTOR};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
