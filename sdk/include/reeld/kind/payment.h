/* Kind reeld.payment/1: take money for an order and give it back. Every function is [any].
 *
 * The host keeps orders, ledger and entitlements; a provider moves money and says what became of
 * it. An order is written before charge() is called and settled after it, so a host that dies in
 * between asks lookup(), or calls charge() again with the same idempotency key. Amounts are whole
 * minor units with a currency: no floating point anywhere.
 */
#ifndef REELD_KIND_PAYMENT_H
#define REELD_KIND_PAYMENT_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_PAYMENT "reeld.payment/1"

/* Borrowed. All text is UTF-8; order_id and idempotency_key are [A-Za-z0-9_-]{1,100}. */
typedef struct {
  uint32_t struct_size, zero;
  reeld_str order_id;        /* what events name the order by; no other order of any site has it */
  reeld_str idempotency_key; /* the same at every try of one charge: hand it to the provider */
  reeld_str customer;        /* the same for all orders of one person: "user:17" */
  reeld_str description;     /* for the buyer's statement: the video's title */
  reeld_str return_url;      /* where a checkout page sends the buyer; may be empty */
  reeld_money amount;        /* more than 0 */
} reeld_charge;

/* Types of events; the host takes note of any other and changes nothing. */
enum {
  REELD_PAID = 1,       /* the money is there; of a disputed order: it stays there */
  REELD_PAY_FAILED = 2, /* it will not come */
  REELD_REFUNDED = 3,   /* all of it went back */
  REELD_DISPUTED = 4    /* the buyer's bank took it back for now */
};
typedef struct { /* something that happened at the provider; borrowed by the sink, which copies */
  uint32_t struct_size;
  uint32_t type;          /* REELD_PAID ... */
  reeld_str event_id;     /* 1 to 200 bytes; the host records it once: a repetition is a no-op */
  reeld_str order_id;     /* of the charge */
  reeld_str provider_ref; /* the provider's own name of the payment; 1 to 200 bytes */
  reeld_money amount;     /* of the whole order; an event with another amount is not applied */
  int64_t time_ms;        /* wall clock, epoch: when it happened */
} reeld_payment_event;

typedef struct { /* both may be called any number of times before the function returns */
  void* ctx;
  /* The buyer has to go there; the outcome comes by webhook or lookup(). http or https. */
  void (*checkout)(void* ctx, reeld_str provider_ref, reeld_str url);
  void (*event)(void* ctx, const reeld_payment_event*);
} reeld_payment_sink;

typedef struct {
  uint32_t struct_size, zero;
  /* Takes the money, or begins to. A second call with the same idempotency key moves nothing and
   * answers as the first. Be back before call->deadline_ms (ten seconds are usual).
   *   OK          after sink->event (PAID: done) or sink->checkout, or neither: it will be told
   *   DENIED      declined, and no money will move; so with INVALID, CONFLICT, UNSUPPORTED
   * Whatever else is returned, the host does not know what became of it and asks lookup(). */
  reeld_status (*charge)(void* self, const reeld_call*, const reeld_charge*,
                         const reeld_payment_sink*, reeld_error*);
  /* Gives all of it back; OK once the provider has taken that on, also if it had before. INVALID,
   * DENIED, NOT_FOUND, CONFLICT and UNSUPPORTED are final, anything else is tried again. */
  reeld_status (*refund)(void* self, const reeld_call*, reeld_str provider_ref,
                         reeld_str idempotency_key, reeld_money amount, reeld_error*);
  /* What came to /hooks/payment/<instance>: verify the raw body, parse it, tell its events. Pure:
   * no state, no network; at most two seconds. Names of headers are as they came. DENIED for what
   * is not the provider's (401); OK without an event for a kind you do not know (200). */
  reeld_status (*webhook)(void* self, const reeld_call*, reeld_list headers, reeld_bytes raw_body,
                          const reeld_payment_sink*, reeld_error*);
  /* optional: what became of an order; provider_ref is empty if none is known. OK after the events
   * so far, with the ids they have elsewhere, or after none while the buyer has not decided;
   * NOT_FOUND if there was never a charge. */
  reeld_status (*lookup)(void* self, const reeld_call*, reeld_str order_id, reeld_str provider_ref,
                         const reeld_payment_sink*, reeld_error*);
} reeld_payment;

#ifdef __cplusplus
}
#endif
#endif
