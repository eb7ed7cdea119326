/* Its id is a name, not reverse DNS. */
#include "tiny.h"

static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "My Plugin",
                                    .version = "1.0.0",
                                    .interfaces = tiny_offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
