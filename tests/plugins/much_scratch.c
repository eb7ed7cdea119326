/* An interceptor that wants one byte of scratch too many. */
#include "tiny.h"

#include <reeld/kind/interceptor.h>

static void on_complete(void* self, const reeld_exchange* x) {
  (void)self;
  (void)x;
}
static const reeld_interceptor table = {
    .struct_size = sizeof table, .scratch_size = 257, .on_complete = on_complete};
static const reeld_interface offers[] = {{REELD_INTERCEPTOR, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.much-scratch",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
