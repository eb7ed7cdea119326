/* Kind reeld.interceptor/1: run around every request. All but covers() is [hot]: it may run on an
 * event loop, beside any number of others.
 *
 * The configured list is the order, outermost first, and the phases are an onion: on_request goes
 * inwards, the first REELD_RESPONDED ends the descent, on_response runs before the first byte of
 * the answer, and on_complete outwards, exactly once for every plugin whose turn came in
 * on_request, also after a refusal, an error or a connection that broke. A plugin whose function is
 * NULL had its turn when the request came past it. What the server refuses before it knows whose
 * request it is (malformed HTTP, an overload of connections) reaches no interceptor.
 */
#ifndef REELD_KIND_INTERCEPTOR_H
#define REELD_KIND_INTERCEPTOR_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_INTERCEPTOR "reeld.interceptor/1"

enum { REELD_MAX_SCRATCH = 256 };

typedef struct reeld_exchange reeld_exchange;
/* What may be asked of an exchange, and done to it. Every function is [hot], and does nothing where
 * it has no place. */
typedef struct {
  uint32_t struct_size, zero;
  /* The first header of that name (in lower case) of the request; {NULL, 0} if there is none. */
  reeld_str (*header)(const reeld_exchange*, reeld_str lower_name);
  /* In on_request, before it returns REELD_RESPONDED: how. A status of 4xx or 5xx and a word of
   * a-z, 0-9 and - with at most 64 bytes ("rate-limited"), which clients read in the form of the
   * interface they asked; retry_after_ms > 0 makes a Retry-After. */
  void (*respond)(reeld_exchange*, int32_t status, reeld_str problem, uint32_t retry_after_ms);
  /* In on_request and on_response: a header of the answer, whichever that will be; copied, in place
   * of any other of that name. Left out: what is no header, what only the server sets (framing,
   * content type, cookies, CORS, the request id), and what is beyond 1 KiB of all plugins. */
  void (*set_header)(reeld_exchange*, reeld_str name, reeld_str value);
} reeld_exchange_api;

/* One request and its answer. Texts live until on_complete returns. */
struct reeld_exchange {
  uint32_t struct_size;
  int32_t status; /* 0 before the answer */
  void* scratch;  /* this plugin's own scratch_size bytes, zero at first */
  const reeld_exchange_api* api;
  reeld_str method, path; /* path: without the query; what is or may be a secret is "…" */
  reeld_str route, group; /* as in reeld_route */
  reeld_str peer;         /* the client's address, behind the proxies that are trusted */
  reeld_str user_id;      /* decimal: of a credential whose signature and time are good */
  reeld_str request_id;
  uint64_t bytes_in, bytes_out; /* of the bodies so far */
  int64_t started_ms;           /* wall clock, epoch */
  int64_t started_us;           /* CLOCK_MONOTONIC, when the head of the request was complete */
  int64_t elapsed_us;           /* since then; 0 in on_request */
  int32_t is_refused;           /* 1: an interceptor answered it, no handler saw it */
  uint32_t zero;
};

/* A route, when chains are made. */
typedef struct {
  uint32_t struct_size, zero;
  reeld_str method, pattern; /* "GET", "/api/v1/videos/{id}"; both empty for what has no route */
  reeld_str group; /* api, auth, stream, upload, media, health, docs, plugin or unmatched; more may
                      come */
} reeld_route;

enum { REELD_CONTINUE = 0, REELD_RESPONDED = 1 };
typedef struct {
  uint32_t struct_size;
  uint32_t scratch_size; /* at most REELD_MAX_SCRATCH */
  /* Each optional, at least one is there. */
  int32_t (*on_request)(void* self, reeld_exchange*);
  void (*on_response)(void* self, reeld_exchange*);
  void (*on_complete)(void* self, const reeld_exchange*);
  /* [main] optional: 0 = this plugin has nothing to do on that route, and is never called there. */
  int32_t (*covers)(void* self, const reeld_route*);
} reeld_interceptor;

#ifdef __cplusplus
}
#endif
#endif
