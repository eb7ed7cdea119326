/* A sink of events whose table is as large as it was in the first release: nothing behind consume.
 */
#include "tiny.h"

#include <reeld/kind/analytics.h>

static reeld_status consume(void* self, const reeld_event* const* events, size_t count,
                            size_t* taken, reeld_error* error) {
  (void)self;
  (void)events;
  (void)error;
  *taken = count;
  return REELD_OK;
}

static const reeld_analytics table = {.struct_size = offsetof(reeld_analytics, report),
                                      .consume = consume};
static const reeld_interface offers[] = {{REELD_ANALYTICS, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.old-listener",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
