/* A notifier that cannot send. */
#include "tiny.h"

#include <reeld/kind/notifier.h>

static const reeld_notifier table = {.struct_size = sizeof table};
static const reeld_interface offers[] = {{REELD_NOTIFIER, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.no-send",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
