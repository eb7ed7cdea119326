/* reeld plugin ABI, major 1. Pure C11 and valid C++. 64-bit Linux. Draft until SDK 1.0 is declared.
 *
 * THE FOUR RULES
 * 1 Borrow.  A pointer handed to a function is valid until that function returns. Keep = copy.
 * 2 Deliver. Results go to the sink you were handed. Nobody returns memory the other side must
 *            free; the two objects that do cross (reader, writer) carry their own release().
 * 3 Grow.    Every table and record begins with struct_size. Fields are appended, never moved,
 *            retyped or reused. Read a field newer than 1.0 only through REELD_HAS().
 * 4 Contain. No exception, longjmp or thread of yours outlives destroy() or leaves the plugin.
 *
 * THREADS  [main] lifecycle, one call at a time. [any] concurrent, from any thread, may block
 *          until call->deadline_ms. [hot] as [any], but must not allocate, lock or block.
 *
 * What the kinds of plugins add is in reeld/kind/<kind>.h, one header each. In C++ include
 * reeld/plugin.hpp instead. sdk/README.md is the guide.
 */
#ifndef REELD_PLUGIN_H
#define REELD_PLUGIN_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_ABI_MAJOR 1 /* also in the entry symbol's name */
#define REELD_ABI_MINOR 0
#ifndef REELD_NEED_MINOR /* oldest host minor this plugin can live with; raise only if you must */
#define REELD_NEED_MINOR 0
#endif
#define REELD_EXPORT __attribute__((visibility("default")))
/* True if the record is large enough to have the field and the field is not zero or NULL. */
#define REELD_HAS(p, field) \
  ((p)->struct_size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field) && (p)->field)

/* ---- values: passed by value, frozen for ever --------------------------------------------- */

/* UTF-8 text, not terminated. {NULL, 0} is "no text" where that differs from "". */
typedef struct {
  const char* data;
  size_t size;
} reeld_str;
typedef struct {
  const uint8_t* data;
  size_t size;
} reeld_bytes;
typedef struct {
  reeld_str key, value;
} reeld_pair;
typedef struct {
  const reeld_pair* items;
  size_t count;
} reeld_list;
/* An amount in the smallest unit (cents); currency is ISO 4217 and a NUL: "EUR". */
typedef struct {
  int64_t minor_units;
  char currency[4];
  uint32_t zero;
} reeld_money;

/* The answer of a call; the same fourteen words are in logs, metrics and problem documents.
 * The host retries UNAVAILABLE and TIMEOUT if the call is idempotent, EXHAUSTED after
 * error->retry_after_ms, and nothing else. An unknown value reads as REELD_INTERNAL. */
typedef int32_t reeld_status;
enum {
  REELD_OK = 0,
  REELD_INVALID = 1,         /* the input or the configuration is wrong */
  REELD_UNAUTHENTICATED = 2, /* who is it? */
  REELD_DENIED = 3,          /* known, and not allowed; a wrong secret */
  REELD_NOT_FOUND = 4,
  REELD_CONFLICT = 5,     /* something else is there already */
  REELD_EXHAUSTED = 6,    /* a limit: too many calls, no space left */
  REELD_UNAVAILABLE = 7,  /* what the plugin depends on does not answer; may pass */
  REELD_TIMEOUT = 8,      /* call->deadline_ms went by */
  REELD_CANCELLED = 9,    /* *call->cancelled became true */
  REELD_UNSUPPORTED = 10, /* this plugin cannot do that at all */
  REELD_CORRUPT = 11,     /* stored data is not what it was */
  REELD_INTERNAL = 12,    /* a fault of the plugin itself */
  REELD_DEFER = 13        /* not mine: ask the next plugin */
};

/* The caller zeroes it and sets struct_size; the callee fills it when the status is not OK. */
typedef struct {
  uint32_t struct_size;
  uint32_t retry_after_ms; /* when a retry may succeed; 0 = unknown */
  char pointer[120];       /* NUL-terminated JSON pointer to the offending value, or "" */
  char message[384];       /* NUL-terminated: one sentence an administrator can act on, no secret */
} reeld_error;

/* The context of one call; borrowed, as everything. */
typedef struct {
  uint32_t struct_size;
  uint32_t flags;           /* none yet: 0 */
  reeld_str request_id;     /* for the plugin's own log lines; may be empty */
  reeld_str user_id;        /* decimal, or empty */
  int64_t deadline_ms;      /* CLOCK_MONOTONIC in ms, 0 = none: give up with REELD_TIMEOUT */
  const int32_t* cancelled; /* read it with reeld_cancelled(); may be NULL */
} reeld_call;

/* [hot] Not 0 once nobody waits for the answer any more: give up with REELD_CANCELLED. */
static inline int reeld_cancelled(const reeld_call* c) {
  return c->cancelled && __atomic_load_n(c->cancelled, __ATOMIC_RELAXED);
}

/* Receives one value. Sinks are called on the calling thread only, before the function returns,
 * and copy what they get. `version` is 0 unless the function says otherwise. */
typedef struct {
  void* ctx;
  void (*value)(void* ctx, reeld_bytes, uint64_t version);
} reeld_sink;

/* ---- host: ask for services in create(), keep the pointers -------------------------------- */

typedef struct reeld_host reeld_host;
struct reeld_host { /* valid from create() until destroy() returns */
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  void* impl;           /* the host's own */
  const char* version;  /* of reeld: "1.4.2" */
  const char* instance; /* the instance's name in reeld.yaml */
  const char* data_dir; /* absolute; private to the instance, writable, kept across upgrades */
  /* [any] The table of a service, valid as long as the host; NULL if this host has none such. */
  const void* (*service)(const reeld_host*, const char* id);
};

/* Log lines carry the instance's name. Levels as syslog: 3 error, 4 warning, 6 info, 7 debug. */
#define REELD_HOST_LOG "reeld.host.log/1"
typedef struct {
  uint32_t struct_size, zero;
  int32_t (*enabled)(const reeld_host*, int32_t level); /* [hot] 0 = would not be written */
  void (*write)(const reeld_host*, int32_t level, reeld_str text, reeld_list fields); /* [any] */
} reeld_host_log;

/* Metrics appear as reeld_plugin_<name>{instance="..."} on the admin listener. */
#define REELD_HOST_METRICS "reeld.host.metrics/1"
enum { REELD_COUNTER = 1, REELD_GAUGE = 2, REELD_HISTOGRAM = 3 };
typedef struct {
  uint32_t struct_size, zero;
  /* [main] name is [a-z][a-z0-9_]{0,99}, without prefix; the unit is its last word: "_seconds".
   * The same name again gives the same metric; 0 = refused (the log says why). */
  uint64_t (*define)(const reeld_host*, int32_t kind, reeld_str name, reeld_str help);
  /* [hot] Counter: grows by delta (not negative). Gauge: changes by delta. Histogram: observes
   * delta. A metric that was never defined is ignored. */
  void (*add)(const reeld_host*, uint64_t metric, double delta);
} reeld_host_metrics;

/* Tables of this instance alone: a SQLite file of its own, or the PostgreSQL schema
 * plugin_<instance> (with - as _). Name tables without a schema. No transaction spans the core and
 * a plugin. SQL is the common subset: $1..$n first used in ascending order, times BIGINT epoch ms,
 * flags 0/1. Every parameter and column is text in its usual form; {NULL, 0} is SQL NULL. */
#define REELD_HOST_SQL "reeld.host.sql/1"
typedef struct {
  void* ctx;
  int32_t (*row)(void* ctx, const reeld_str* columns, size_t count); /* 0 = no more rows wanted */
} reeld_row_sink;
typedef struct {
  uint32_t struct_size, zero;
  reeld_str (*dialect)(const reeld_host*); /* [any] "sqlite" or "postgresql" */
  /* [any] One statement, in a transaction of its own unless inside transact(). The sink may be
   * NULL. `call` may be NULL: the host's default deadline. CONFLICT for a unique violation,
   * INVALID for SQL that breaks the rules above, INTERNAL for what
   * the database refuses. */
  reeld_status (*execute)(const reeld_host*, const reeld_call*, reeld_str sql,
                          const reeld_str* params, size_t count, const reeld_row_sink*,
                          reeld_error*);
  /* [any] The statement once per row, all in one transaction; rows has count * columns values. */
  reeld_status (*execute_many)(const reeld_host*, const reeld_call*, reeld_str sql,
                               const reeld_str* rows, size_t columns, size_t count, reeld_error*);
  /* [any] Runs body in one transaction: execute() calls of body's thread share it. Commits if body
   * returns OK, else rolls back and returns body's status. body may run again after a
   * serialization failure, so it touches nothing but the database and ctx. Does not nest. */
  reeld_status (*transact)(const reeld_host*, const reeld_call*, reeld_status (*body)(void* ctx),
                           void* ctx, reeld_error*);
  /* [any] Ask with REELD_HAS first. As execute() of one SELECT, but waits for nobody who writes. */
  reeld_status (*query)(const reeld_host*, const reeld_call*, reeld_str sql,
                        const reeld_str* params, size_t count, const reeld_row_sink*, reeld_error*);
} reeld_host_sql;

/* Keys of this instance alone, made of the site's secret: the same at every start and on every
 * daemon of the site, others for each instance and purpose. They tell nothing of that secret. */
#define REELD_HOST_SECRETS "reeld.host.secrets/1"
enum { REELD_KEY_SIZE = 32 };
typedef struct {
  uint32_t struct_size, zero;
  /* [any] Delivers REELD_KEY_SIZE bytes. A purpose is a word of a-z, 0-9 and - with 1 to 64 bytes;
   * anything else is INVALID. */
  reeld_status (*key)(const reeld_host*, reeld_str purpose, const reeld_sink*, reeld_error*);
} reeld_host_secrets;

/* Work at intervals, on one thread of the host's for this instance. */
#define REELD_HOST_SCHEDULE "reeld.host.schedule/1"
typedef struct {
  uint32_t struct_size, zero;
  /* [any] Calls fn every period_ms (at least 10) from start() on, never twice at once; a run that
   * takes longer delays the next. 0 = refused. All tasks end before stop() is called. */
  uint64_t (*every)(const reeld_host*, int64_t period_ms, void (*fn)(void* ctx), void* ctx);
  /* [any] Returns once fn is not running and will not run again; from inside fn it returns at
   * once. An unknown task is ignored. */
  void (*stop)(const reeld_host*, uint64_t task);
} reeld_host_schedule;

/* ---- plugin -------------------------------------------------------------------------------- */

/* What a plugin offers: a kind's id with its revision ("reeld.storage/1") and the kind's table.
 * A host ignores ids it does not know, so a plugin may offer two revisions of a kind. */
typedef struct {
  const char* id;
  const void* table;
} reeld_interface;

/* The descriptor. Static data of the plugin; strings are NUL-terminated. */
typedef struct {
  uint32_t struct_size;
  uint16_t abi_major;                  /* REELD_ABI_MAJOR */
  uint16_t need_minor;                 /* REELD_NEED_MINOR */
  const char* id;                      /* "org.example.geo-block": reverse DNS, never changes */
  const char* version;                 /* "1.4.2" */
  const char *name, *vendor, *license; /* for people; may be NULL */
  const char* config_schema;           /* JSON Schema text; NULL = takes no configuration */
  const char* after;                   /* ids that start earlier, comma-separated, or NULL */
  const reeld_interface* interfaces;   /* ends with {NULL, NULL} */
  /* All [main]. config is JSON: already validated, defaulted, secrets resolved.
   * create() may be called several times: one *self per instance. After a status other than OK,
   * *self is ignored and destroy() is not called. */
  reeld_status (*create)(const reeld_host*, reeld_str config, void** self, reeld_error*);
  void (*destroy)(void* self);
  reeld_status (*start)(void* self, reeld_error*);                         /* optional */
  void (*stop)(void* self, int64_t deadline_ms);                           /* optional */
  reeld_status (*reconfigure)(void* self, reeld_str config, reeld_error*); /* optional */
  reeld_status (*health)(void* self, reeld_error*);                        /* optional, [any] */
} reeld_plugin;

/* The one exported symbol. Return a pointer to static data; do no work. */
REELD_EXPORT const reeld_plugin* reeld_plugin_abi1(void);

#ifdef __cplusplus
}
#endif
#endif
