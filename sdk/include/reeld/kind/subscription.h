/* Kind reeld.subscription/1: which plans there are, and what a change from one to another costs.
 * Every function is [any].
 *
 * The host keeps who has which plan until when, charges, renews and cancels; a provider decides
 * what is for sale. What was agreed with a subscriber is kept with the subscription: a plan that
 * changes or goes holds for new subscribers.
 */
#ifndef REELD_KIND_SUBSCRIPTION_H
#define REELD_KIND_SUBSCRIPTION_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_SUBSCRIPTION "reeld.subscription/1"

typedef struct { /* borrowed by the sink, which copies */
  uint32_t struct_size;
  uint32_t interval_days; /* 1 to 3660 */
  reeld_str id;           /* [a-z][a-z0-9_-]{0,63}; never means another plan later */
  reeld_str title;        /* for people, 1 to 200 bytes */
  reeld_money price;      /* of each interval, more than 0; no currency = the site's */
  reeld_list grants;      /* {"opens", "all"}: every paid video. Unknown ones open nothing */
} reeld_plan;

typedef struct {
  void* ctx;
  void (*plan)(void* ctx, const reeld_plan*); /* the first is the one that is meant by none */
} reeld_plan_sink;

/* Somebody who has one plan asks for another. Times are wall clock, epoch. */
typedef struct {
  uint32_t struct_size, zero;
  reeld_str from_plan, to_plan;
  int64_t at_ms; /* within the period */
  int64_t period_start_ms, period_end_ms;
  reeld_money paid; /* for the period */
} reeld_plan_change;

enum { REELD_QUOTE_AT_PERIOD_END = 1 }; /* flags: not now, then at the full price */
typedef struct {
  uint32_t struct_size;
  uint32_t flags;  /* REELD_QUOTE_... */
  reeld_money due; /* now, 0 or more: a new interval begins with it */
} reeld_quote;
typedef struct {
  void* ctx;
  void (*quote)(void* ctx, const reeld_quote*); /* once */
} reeld_quote_sink;

typedef struct {
  uint32_t struct_size, zero;
  /* All plans that are for sale, the usual one first. */
  reeld_status (*plans)(void* self, const reeld_call*, const reeld_plan_sink*, reeld_error*);
  /* What the change would cost; the same question at the same time has the same answer. NOT_FOUND
   * for a plan that is not for sale, CONFLICT for a change that is not offered. */
  reeld_status (*quote)(void* self, const reeld_call*, const reeld_plan_change*,
                        const reeld_quote_sink*, reeld_error*);
} reeld_subscription;

#ifdef __cplusplus
}
#endif
#endif
