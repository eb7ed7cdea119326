/* Kind reeld.routes/1: answer requests below a path of the site. They come there behind the whole
 * chain of interceptors, and behind the question whether the caller may: both are the host's.
 *
 * The path is /x/<instance>, or what the administrator writes as `mount` beside `use`; with and
 * without a slash at its end. Who may is `access`: user (the default), admin or public.
 */
#ifndef REELD_KIND_ROUTES_H
#define REELD_KIND_ROUTES_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_ROUTES "reeld.routes/1"

/* A request, or the head of a reply. Borrowed. */
typedef struct {
  uint32_t struct_size;
  uint32_t status;    /* of a reply: 200 to 599 */
  reeld_str method;   /* of a request: "GET" (HEAD comes as it), "POST", "PUT", "PATCH", "DELETE" */
  reeld_str path;     /* of a request: below the mount, "/" at least, decoded */
  reeld_str query;    /* of a request: as it was sent, without '?' */
  reeld_list headers; /* of a request: all but credentials, names in any case; of a reply: what the
                         host does not set itself, content-type among them */
  reeld_bytes body;   /* of a request: at most max_body; of a reply: what it begins with */
} reeld_message;

/* begin once, write any number of times, end once. Nothing is sent before handle() has returned OK:
 * what does not fit into memory is kept in a file meanwhile, so a reply may be larger than memory,
 * and a slow client holds nothing of yours. Each may refuse: INTERNAL for the wrong order or a
 * head that cannot be sent, EXHAUSTED for a full disk; return that status then.
 *
 * Or pause instead of end, for a reply that is long and made bit by bit: what was written is sent
 * once handle() has returned OK, then more() is called with `state`, writes the next piece, and
 * ends or pauses in its turn, with the same state. A piece is at most 1 MiB (EXHAUSTED beyond), and
 * every one but the first has something in it (INTERNAL). The
 * client paces this, and no thread waits for it. */
typedef struct {
  void* ctx;
  reeld_status (*begin)(void* ctx, const reeld_message* head);
  reeld_status (*write)(void* ctx, reeld_bytes);
  reeld_status (*end)(void* ctx);
  reeld_status (*pause)(void* ctx, void* state);
} reeld_reply_sink;

typedef struct {
  uint32_t struct_size;
  uint32_t max_body; /* of a request, at most 16 MiB; a larger one is refused before you see it */
  /* [any] call->user_id is whoever asks, empty for nobody. Any status but OK is answered as an
   * error in the form of the surface (NOT_FOUND is 404), whatever was begun before. */
  reeld_status (*handle)(void* self, const reeld_call*, const reeld_message*,
                         const reeld_reply_sink*, reeld_error*);
  /* Optional: "GET, POST", the methods there are; others are refused before you see them (405). */
  const char* methods;
  uint32_t flags; /* REELD_AT_MOUNT_ALONE: there is nothing below the mount (404) */
  uint32_t zero;
  /* [any] For a plugin that pauses, both or neither. more() goes on with a reply; it is called with
   * write, end and pause alone. Any status but OK cuts the connection, so that the client knows
   * that this is not all: the head went out long ago. */
  reeld_status (*more)(void* self, const reeld_call*, void* state, const reeld_reply_sink*,
                       reeld_error*);
  /* [any] Once for each state that pause() took: the reply is over, or will never be sent. Frees,
   * and never waits. */
  void (*drop)(void* self, void* state);
} reeld_routes;

enum { REELD_AT_MOUNT_ALONE = 1 };

#ifdef __cplusplus
}
#endif
#endif
