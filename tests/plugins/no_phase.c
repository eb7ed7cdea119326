/* An interceptor without a phase. */
#include "tiny.h"

#include <reeld/kind/interceptor.h>

static const reeld_interceptor table = {.struct_size = sizeof table};
static const reeld_interface offers[] = {{REELD_INTERCEPTOR, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.no-phase",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
