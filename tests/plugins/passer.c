/* An interceptor in plain C that does what the header x-do says, shows what it sees in headers of
 * the answer, and counts its turns in its scratch. */
#include "tiny.h"

#include <reeld/kind/interceptor.h>

#include <stdlib.h>
#include <string.h>

static int is(reeld_str text, const char* what) {
  return text.size == strlen(what) && memcmp(text.data, what, text.size) == 0;
}
static reeld_str str(const char* text) { return (reeld_str){text, strlen(text)}; }

static int32_t on_request(void* self, reeld_exchange* x) {
  (void)self;
  ((unsigned char*)x->scratch)[0] += 1;
  const reeld_str what = x->api->header(x, str("x-do"));
  x->api->set_header(x, str("X-Group"), x->group);
  x->api->set_header(x, str("X-User"), x->user_id);
  if (is(what, "refuse")) {
    x->api->respond(x, 403, str("no-entry"), 1500);
    return REELD_RESPONDED;
  }
  if (is(what, "odd")) {
    return 7;
  }
  if (is(what, "crash")) {
    abort();
  }
  return x->status == 0 && x->elapsed_us == 0 ? REELD_CONTINUE : REELD_RESPONDED;
}

static void on_response(void* self, reeld_exchange* x) {
  (void)self;
  ((unsigned char*)x->scratch)[1] += 1;
  x->api->respond(x, 500, str("too-late"), 0);
  x->api->set_header(x, str("X-Method"), x->method);
}

static void on_complete(void* self, const reeld_exchange* x) {
  (void)self;
  ((unsigned char*)x->scratch)[2] += 1;
  /* What has no place here does nothing. */
  reeld_exchange* open = (reeld_exchange*)(uintptr_t)x;
  x->api->respond(open, 500, str("too-late"), 0);
  x->api->set_header(open, str("X-Late"), str("1"));
}

static int32_t covers(void* self, const reeld_route* route) {
  (void)self;
  return !is(route->group, "media");
}

static const reeld_interceptor table = {.struct_size = sizeof table,
                                        .scratch_size = 3,
                                        .on_request = on_request,
                                        .on_response = on_response,
                                        .on_complete = on_complete,
                                        .covers = covers};
static const reeld_interface offers[] = {{REELD_INTERCEPTOR, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.passer",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
