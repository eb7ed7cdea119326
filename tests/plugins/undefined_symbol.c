/* Was linked without -z defs and lacks a function. */
#include "tiny.h"

extern void a_function_nobody_has(void);

static void destroy(void* self) {
  (void)self;
  a_function_nobody_has();
}
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.undefined",
                                    .version = "1.0.0",
                                    .interfaces = tiny_offers,
                                    .create = tiny_create,
                                    .destroy = destroy};
REELD_EXPORT const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
