/* Makes records and cannot check them. */
#include "tiny.h"

static reeld_status enroll(void* self, const reeld_call* call, reeld_bytes secret,
                           const reeld_sink* record, reeld_error* error) {
  (void)self, (void)call, (void)secret, (void)record, (void)error;
  return REELD_INVALID;
}
static const reeld_auth table = {
    .struct_size = sizeof table, .authenticate = tiny_authenticate, .enroll = enroll};
static const reeld_interface offers[] = {{REELD_AUTH, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.half-auth",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
