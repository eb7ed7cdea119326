/* Routes in plain C: /echo says what it was asked, /large is larger than what is kept in memory,
 * /long/N is N pieces made one by one, /held says how many of those replies are not over, and the
 * others break a rule of replies each. */
#include "tiny.h"

#include <reeld/kind/routes.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A long reply: how many pieces there are to come. */
struct rest {
  long pieces;
  int breaks; /* before the last one */
};
static atomic_long held;
static atomic_long made;

static reeld_status piece(const reeld_reply_sink* reply, struct rest* rest) {
  static char text[200 * 1024];
  memset(text, 'x', sizeof text);
  atomic_fetch_add(&made, 1);
  const reeld_status status =
      reply->write(reply->ctx, (reeld_bytes){(const uint8_t*)text, sizeof text});
  if (status != REELD_OK) {
    return status;
  }
  return --rest->pieces > 0 ? reply->pause(reply->ctx, rest) : reply->end(reply->ctx);
}

static reeld_status more(void* self, const reeld_call* call, void* state,
                         const reeld_reply_sink* reply, reeld_error* error) {
  (void)self;
  (void)call;
  struct rest* rest = state;
  if (rest->breaks && rest->pieces == 1) {
    strcpy(error->message, "there is no more paper");
    return REELD_INTERNAL;
  }
  return piece(reply, rest);
}

static void drop(void* self, void* state) {
  (void)self;
  atomic_fetch_sub(&held, 1);
  free(state);
}

static reeld_status handle_long(const reeld_call* call, const reeld_message* request,
                                const reeld_reply_sink* reply) {
  char digits[16] = "";
  (void)call;
  memcpy(digits, request->path.data + 6, request->path.size - 6);
  struct rest* rest = calloc(1, sizeof *rest);
  rest->pieces = atol(digits);
  rest->breaks = is(request->query, "breaks");
  reeld_status status = begin(reply, 200, "X-Pieces", digits);
  if (status == REELD_OK) {
    status = reply->pause(reply->ctx, rest);
  }
  if (status != REELD_OK) {
    free(rest);
    return status;
  }
  atomic_fetch_add(&held, 1);
  return is(request->query, "regrets") ? REELD_INTERNAL : REELD_OK;
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
  if (request->path.size > 6 && request->path.size < 20 &&
      memcmp(request->path.data, "/long/", 6) == 0) {
    return handle_long(call, request, reply);
  }
  if (is(request->path, "/held")) {
    char line[64];
    const int size =
        snprintf(line, sizeof line, "%ld held, %ld made", atomic_load(&held), atomic_load(&made));
    begin(reply, 200, "X-A", "1");
    reply->write(reply->ctx, (reeld_bytes){(const uint8_t*)line, (size_t)size});
    return reply->end(reply->ctx);
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

static const reeld_routes table = {
    .struct_size = sizeof table, .max_body = 1000, .handle = handle, .more = more, .drop = drop};
static const reeld_interface offers[] = {{REELD_ROUTES, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.answers",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
