/* Kind reeld.report/1: what an administrator may ask a plugin of its doings. `reeldctl plugins
 * report NAME [WHAT]` prints it. A kind beside others: an instance may offer it with any.
 */
#ifndef REELD_KIND_REPORT_H
#define REELD_KIND_REPORT_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_REPORT "reeld.report/1"

typedef struct {
  uint32_t struct_size, zero;
  /* [any] Delivers once, as JSON, what is known under that name ("busiest"; empty = what is asked
   * for first). An array of flat objects with the same members is printed as a table. NOT_FOUND for
   * a name that is none, with those there are in the message. No secret is in it. */
  reeld_status (*report)(void* self, const reeld_call*, reeld_str what, const reeld_sink* json,
                         reeld_error*);
} reeld_report;

#ifdef __cplusplus
}
#endif
#endif
