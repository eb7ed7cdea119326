/* Plans in plain C: two good ones; a change to "odd" costs less than nothing, one to "none" is not
 * answered. */
#include "tiny.h"

#include <reeld/kind/subscription.h>

#include <string.h>

static reeld_str str(const char* text) {
  const reeld_str made = {text, strlen(text)};
  return made;
}

static reeld_status plans(void* self, const reeld_call* call, const reeld_plan_sink* sink,
                          reeld_error* error) {
  (void)self, (void)call, (void)error;
  const reeld_pair all = {str("opens"), str("all")};
  const reeld_pair other = {str("opens"), str("something")};
  reeld_plan plan = {.struct_size = sizeof plan,
                     .interval_days = 30,
                     .id = str("month"),
                     .title = str("Month"),
                     .price = {999, "", 0},
                     .grants = {&all, 1}};
  sink->plan(sink->ctx, &plan);
  plan.id = str("dollars");
  plan.price = (reeld_money){5, "USD", 0};
  plan.grants.items = &other;
  sink->plan(sink->ctx, &plan);
  return REELD_OK;
}

static reeld_status quote(void* self, const reeld_call* call, const reeld_plan_change* change,
                          const reeld_quote_sink* sink, reeld_error* error) {
  (void)self, (void)call, (void)error;
  reeld_quote made = {.struct_size = sizeof made, .flags = REELD_QUOTE_AT_PERIOD_END};
  made.due = change->paid;
  if (change->to_plan.size == 3) {
    made.due.minor_units = -1;
  }
  if (change->to_plan.size != 4) {
    sink->quote(sink->ctx, &made);
  }
  return REELD_OK;
}

static const reeld_subscription table = {
    .struct_size = sizeof table, .plans = plans, .quote = quote};
static const reeld_interface offers[] = {{REELD_SUBSCRIPTION, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.planner",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
