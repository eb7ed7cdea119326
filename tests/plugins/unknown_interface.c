/* Offers today's auth and one of the future: the host takes what it knows. */
#include "tiny.h"

static const reeld_interface offers[] = {
    {"reeld.auth/99", &tiny_auth}, {REELD_AUTH, &tiny_auth}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.unknown-interface",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
