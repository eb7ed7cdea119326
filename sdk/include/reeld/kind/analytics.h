/* Kind reeld.analytics/1: be told what happened on the site. The instances that `analytics` of the
 * configuration names are told; core/README.md lists the types of events.
 *
 * An event is written in the transaction of the change it tells of and offered until it is taken:
 * each comes at least once, in order, and a repetition has the id it had before. So keep the id of
 * what you act upon, in the same transaction of reeld.host.sql/1. Of several daemons on one
 * database one delivers, not always the same.
 *
 * Who counts what he is told can also be asked for it: report() makes the pages below
 * /api/v1/analytics. The first instance of `analytics` that has it is asked, on any daemon.
 */
#ifndef REELD_KIND_ANALYTICS_H
#define REELD_KIND_ANALYTICS_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_ANALYTICS "reeld.analytics/1"

enum { REELD_MAX_EVENTS = 1000 };

typedef struct {
  uint32_t struct_size;
  uint32_t schema;   /* of json, by type: 1; ignore what you do not know */
  int64_t time_ms;   /* wall clock, epoch: when it happened */
  reeld_str id;      /* stable */
  reeld_str type;    /* "video.ready" */
  reeld_str user_id; /* decimal: who did it; empty for nobody */
  reeld_str subject; /* "video:17" */
  reeld_str json;    /* an object */
} reeld_event;

typedef struct {
  uint32_t struct_size;
  uint32_t max_batch; /* events of one call, at most REELD_MAX_EVENTS; 0 = 100 */
  /* [any] On the dispatcher's thread, one call at a time. *taken is 0 before: set it to how many,
   * from the front, are yours now. The others are offered again after a pause, with any status. */
  reeld_status (*consume)(void* self, const reeld_event* const* events, size_t count, size_t* taken,
                          reeld_error*);
  /* [any] Optional; read it with REELD_HAS. Delivers once, as a JSON object, the report of that
   * name; params is a JSON object. Every event of the site that was committed before the host was
   * asked has been taken: what is not in the report is younger. NOT_FOUND for a name that you do
   * not know; INVALID with a pointer into params. core/README.md lists the reports that the host
   * asks for, with their params and members. */
  reeld_status (*report)(void* self, const reeld_call*, reeld_str name, reeld_str params,
                         const reeld_sink* json, reeld_error*);
} reeld_analytics;

#ifdef __cplusplus
}
#endif
#endif
