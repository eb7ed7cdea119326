/* Routes in plain C: /echo says what it was asked, /large is larger than what is kept in memory,
 * and the others break a rule of replies each. */
#include "tiny.h"

#include <reeld/kind/routes.h>

#include <stdio.h>
#include <string.h>

static int is(reeld_str text, const char* what) {
  return text.size == strlen(what) && memcmp(text.data, what, text.size) == 0;
}
static reeld_bytes bytes(const char* text) {
  return (reeld_bytes){(const uint8_t*)text, strlen(text)};
}
static reeld_status begin(const reeld_reply_sink* reply, uint32_t status, const char* name,
                          const char* value) {
  const reeld_pair pairs[] = {{{"Content-Type", 12}, {"text/plain", 10}},
                              {{name, strlen(name)}, {value, strlen(value)}}};
  const reeld_message head = {.struct_size = sizeof head, .status = status, .headers = {pairs, 2}};
  return reply->begin(reply->ctx, &head);
}

static reeld_status handle(void* self, const reeld_call* call, const reeld_message* request,
                           const reeld_reply_sink* reply, reeld_error* error) {
  (void)self;
  if (is(request->path, "/large")) {
    static char piece[64 * 1024];
    memset(piece, 'x', sizeof piece);
    reeld_status status = begin(reply, 200, "X-Pieces", "48");
    for (int i = 0; i < 48 && status == REELD_OK; ++i) {
      status = reply->write(reply->ctx, (reeld_bytes){(const uint8_t*)piece, sizeof piece});
    }
    return status == REELD_OK ? reply->end(reply->ctx) : status;
  }
  if (is(request->path, "/cookie")) {
    return begin(reply, 200, "Set-Cookie", "a=b");
  }
  if (is(request->path, "/twice")) {
    begin(reply, 200, "X-A", "1");
    return begin(reply, 200, "X-A", "1");
  }
  if (is(request->path, "/early")) {
    return reply->write(reply->ctx, bytes("x"));
  }
  if (is(request->path, "/open")) {
    return begin(reply, 200, "X-A", "1");
  }
  if (is(request->path, "/fails")) {
    begin(reply, 200, "X-A", "1");
    strcpy(error->message, "there is no such thing");
    return REELD_NOT_FOUND;
  }
  char line[512];
  const int size = snprintf(
      line, sizeof line, "%.*s %.*s ?%.*s user=%.*s body=%.*s headers=%zu",
      (int)request->method.size, request->method.data, (int)request->path.size, request->path.data,
      (int)request->query.size, request->query.data, (int)call->user_id.size, call->user_id.data,
      (int)request->body.size, (const char*)request->body.data, request->headers.count);
  const reeld_status status = begin(reply, 201, "X-Answer", "42");
  if (status != REELD_OK) {
    return status;
  }
  reply->write(reply->ctx, (reeld_bytes){(const uint8_t*)line, (size_t)size});
  return reply->end(reply->ctx);
}

static const reeld_routes table = {.struct_size = sizeof table, .max_body = 1000, .handle = handle};
static const reeld_interface offers[] = {{REELD_ROUTES, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.answers",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
