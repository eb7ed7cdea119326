/* A sink of events in plain C: it takes what comes up to the first event of the type "stop", says
 * UNAVAILABLE at it, and finds CORRUPT what is not as the host promises. It makes two reports. */
#include "tiny.h"

#include <reeld/kind/analytics.h>

#include <string.h>

static int is(reeld_str text, const char* word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static reeld_status consume(void* self, const reeld_event* const* events, size_t count,
                            size_t* taken, reeld_error* error) {
  (void)self;
  for (size_t i = 0; i < count; ++i) {
    const reeld_event* event = events[i];
    if (is(event->type, "stop")) {
      strcpy(error->message, "enough for now");
      return REELD_UNAVAILABLE;
    }
    const int whole = event->struct_size == sizeof *event && event->schema == 1 &&
                      event->time_ms == 1234 && is(event->id, "id") &&
                      is(event->subject, "video:17") && is(event->json, "{}") &&
                      (is(event->user_id, "7") || event->user_id.size == 0);
    if (!whole) {
      return REELD_CORRUPT;
    }
    *taken = i + 1;
  }
  return REELD_OK;
}

/* "echo" gives back what was asked, "noise" is no JSON. */
static reeld_status report(void* self, const reeld_call* call, reeld_str name, reeld_str params,
                           const reeld_sink* json, reeld_error* error) {
  (void)self;
  (void)call;
  const uint8_t noise[] = "noise";
  reeld_bytes told = {noise, sizeof noise - 1};
  if (is(name, "echo")) {
    told.data = (const uint8_t*)params.data;
    told.size = params.size;
  } else if (!is(name, "noise")) {
    strcpy(error->message, "there are the reports echo and noise");
    return REELD_NOT_FOUND;
  }
  json->value(json->ctx, told, 0);
  return REELD_OK;
}

static const reeld_analytics table = {
    .struct_size = sizeof table, .max_batch = 100000, .consume = consume, .report = report};
static const reeld_interface offers[] = {{REELD_ANALYTICS, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.listener",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
