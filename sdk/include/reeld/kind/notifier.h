/* Kind reeld.notifier/1: bring a message to a person. send() is [any]: several threads at once.
 *
 * The host keeps the queue: it calls send() again after a failure, with growing pauses for a day,
 * and it makes the texts. A notifier only hands one finished message to whatever carries it.
 */
#ifndef REELD_KIND_NOTIFIER_H
#define REELD_KIND_NOTIFIER_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_NOTIFIER "reeld.notifier/1"

/* Borrowed. All text is UTF-8. It contains links that let their reader in: log none of it but the
 * idempotency key, and keep what is written to disk from other users. */
typedef struct {
  uint32_t struct_size, zero;
  reeld_str idempotency_key; /* [A-Za-z0-9_-]{1,100}; the same at every try of one notice, no other
                                notice of this site has it */
  reeld_str channel;         /* "mail"; UNSUPPORTED for one you do not know */
  reeld_str purpose;         /* a word: "activation", "password-reset", "trial", more to come */
  reeld_str from, to;        /* addresses such as ada@example.org: no name, no angle brackets, no
                                blank, no control character; the domain in ASCII (xn--), before
                                the @ there may be letters beyond it */
  reeld_str subject;         /* one line */
  reeld_str text;            /* plain text, lines end in LF */
  reeld_str html;            /* the same as a page */
  reeld_bytes message;       /* all of the above as one message (RFC 5322, multipart/alternative):
                                lines end in CR LF, leading dots are not doubled */
} reeld_notice;

typedef struct {
  uint32_t struct_size, zero;
  /* [any] Hands the notice over; blocks until the answer is known or call->deadline_ms is near (be
   * back before it; a minute is usual).
   *   OK          the next one on the way has taken responsibility: it is not sent again
   *   INVALID     it can never be delivered (no such mailbox): it is not sent again
   *   UNSUPPORTED not by this notifier: it is not sent again
   * Whatever else is returned, the host tries again later, not before error->retry_after_ms; so it
   * does after OK if it dies before it could write that down. */
  reeld_status (*send)(void* self, const reeld_call*, const reeld_notice*, reeld_error*);
} reeld_notifier;

#ifdef __cplusplus
}
#endif
#endif
