/* What every tiny plugin here shares: a lifecycle that does nothing and an auth table that says no.
 * Each .c next to it is one plugin about one rule of the ABI; most of them break it. */
#ifndef REELD_TESTS_TINY_H
#define REELD_TESTS_TINY_H
#include <reeld/kind/auth.h>

#define TINY __attribute__((unused)) static

TINY reeld_status tiny_create(const reeld_host* host, reeld_str config, void** self,
                              reeld_error* error) {
  (void)host;
  (void)config;
  (void)error;
  static int nothing;
  *self = &nothing;
  return REELD_OK;
}

TINY void tiny_destroy(void* self) { (void)self; }

TINY reeld_status tiny_authenticate(void* self, const reeld_call* call,
                                    const reeld_credential* credential, const reeld_auth_sink* sink,
                                    reeld_error* error) {
  (void)self;
  (void)call;
  (void)credential;
  (void)sink;
  (void)error;
  return REELD_DENIED;
}

TINY const reeld_auth tiny_auth = {.struct_size = sizeof(reeld_auth),
                                   .authenticate = tiny_authenticate};
TINY const reeld_interface tiny_offers[] = {{REELD_AUTH, &tiny_auth}, {NULL, NULL}};

/* The fields of a good descriptor; a plugin overrides the one it is about after them. */
#define TINY_DESCRIPTOR                                                            \
  .struct_size = sizeof(reeld_plugin), .abi_major = REELD_ABI_MAJOR,               \
  .need_minor = REELD_NEED_MINOR, .id = "org.reeld.test.tiny", .version = "1.0.0", \
  .interfaces = tiny_offers, .create = tiny_create, .destroy = tiny_destroy

#endif
