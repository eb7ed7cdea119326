/* A storage that cannot be listed. */
#include "tiny.h"

#include <reeld/kind/storage.h>

static reeld_status stat_(void* self, const reeld_call* call, reeld_str key,
                          const reeld_object_sink* sink, reeld_error* error) {
  (void)self, (void)call, (void)key, (void)sink, (void)error;
  return REELD_NOT_FOUND;
}
static reeld_status open_(void* self, const reeld_call* call, reeld_str key, uint64_t offset,
                          uint64_t length, reeld_reader* reader, reeld_error* error) {
  (void)self, (void)call, (void)key, (void)offset, (void)length, (void)reader, (void)error;
  return REELD_NOT_FOUND;
}
static reeld_status create_(void* self, const reeld_call* call, const reeld_object* hint,
                            reeld_writer* writer, reeld_error* error) {
  (void)self, (void)call, (void)hint, (void)writer, (void)error;
  return REELD_EXHAUSTED;
}
static reeld_status remove_(void* self, const reeld_call* call, reeld_str key, reeld_error* error) {
  (void)self, (void)call, (void)key, (void)error;
  return REELD_OK;
}
static const reeld_storage table = {.struct_size = sizeof table,
                                    .stat = stat_,
                                    .open = open_,
                                    .create = create_,
                                    .remove = remove_};
static const reeld_interface offers[] = {{REELD_STORAGE, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.missing-function",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
