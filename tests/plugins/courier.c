/* A notifier in plain C whose answer is the recipient's name: INVALID for "invalid@...",
 * UNAVAILABLE with a time for "down@...", whatever is no status for "odd@...", and OK for everybody
 * else whose notice is whole. */
#include "tiny.h"

#include <reeld/kind/notifier.h>

#include <string.h>

static int begins(reeld_str text, const char* with) {
  return text.size >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

static reeld_status send_(void* self, const reeld_call* call, const reeld_notice* notice,
                          reeld_error* error) {
  (void)self;
  if (begins(notice->to, "invalid@")) {
    strcpy(error->message, "no such mailbox");
    return REELD_INVALID;
  }
  if (begins(notice->to, "down@")) {
    strcpy(error->message, "the server is down");
    error->retry_after_ms = 2500;
    return REELD_UNAVAILABLE;
  }
  if (begins(notice->to, "odd@")) {
    return 77;
  }
  const int whole = begins(notice->idempotency_key, "key") && begins(notice->channel, "mail") &&
                    begins(notice->purpose, "trial") && begins(notice->from, "from@") &&
                    begins(notice->subject, "subject") && begins(notice->text, "text") &&
                    begins(notice->html, "html") && notice->message.size == 7 &&
                    memcmp(notice->message.data, "message", 7) == 0 &&
                    notice->struct_size == sizeof *notice && call->deadline_ms > 0;
  return whole ? REELD_OK : REELD_CORRUPT;
}

static const reeld_notifier table = {.struct_size = sizeof table, .send = send_};
static const reeld_interface offers[] = {{REELD_NOTIFIER, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.courier",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
